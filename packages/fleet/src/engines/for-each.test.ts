import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEach } from './for-each.js';

it('does all, in order, and never more at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      async (waits, jobs) => {
        const begun: number[] = [];
        let [now, most] = [0, 0];
        await forEach(waits.entries(), jobs, async ([index, ms]) => {
          begun.push(index);
          most = Math.max(most, ++now);
          await delay(ms);
          now--;
        });
        expect(begun).toEqual(waits.map((_, index) => index));
        expect(most).toBe(Math.min(jobs, waits.length));
      },
    ),
  );
});

it('begins nothing more where something is thrown, and waits for what goes on', async () => {
  const ended: number[] = [];
  const all = forEach([1, 2, 3, 4], 2, async (item) => {
    if (item === 1) throw new Error('one');
    await delay(20);
    ended.push(item);
  });
  await expect(all).rejects.toThrow('one');
  expect(ended).toEqual([2]);
});
