import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchTraceErrors } from './trace-errors.js';
import { TRACE_FOLDER } from './trace-files.js';

const LINE = `${TOOLBOX_FOLDER}/bin/strace: ${TRACE_FOLDER}/trace: No space left on device`;

describe('what strace says of its trace', () => {
  it.each<[name: string, text: string, reason: string | undefined]>([
    ['a line of its own', `begun\n${LINE}\nended\n`, 'No space left on device'],
    ['behind what the program had begun to print', `50 %${LINE}\r\n100 %\n`, 'No space left on device'],
    ['at the very end', LINE, 'No space left on device'],
    ['of an exec', LINE.replace('/trace:', '/own/exec-1:'), 'No space left on device'],
    ['nothing', 'all is well\n', undefined],
    ['of something else', `${TOOLBOX_FOLDER}/bin/strace: umoven: short read\n`, undefined],
    ['in a list of processes', `${TOOLBOX_FOLDER}/bin/strace -f -o ${TRACE_FOLDER}/trace cat\n`, undefined],
  ])('%s', (_, text, reason) => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
        const errors = watchTraceErrors();
        for (const [at, end] of places.entries()) {
          if (at === 0) continue;
          errors.see('stderr', Buffer.from(text.slice(places[at - 1], end)));
          errors.see('stdout', Buffer.from('beside it\n'));
        }
        expect(errors.reason()).toBe(reason);
      }),
    );
  });

  it('of no end is as long as a reason may be', () => {
    const errors = watchTraceErrors();
    errors.see('stderr', Buffer.from(`${LINE}${'x'.repeat(100_000)}`));
    expect(errors.reason()?.length).toBeLessThan(300);
  });
});
