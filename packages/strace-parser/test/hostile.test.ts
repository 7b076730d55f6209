import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccesses } from '../src/accesses/read-accesses.js';
import { parseStrace } from '../src/events/parse-strace.js';
import { hostileString } from './arbitraries.ts';

const encode = (text: string) => Buffer.from(text, 'latin1');

async function told(chunks: Iterable<Uint8Array>) {
  const events: string[] = [];
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  for await (const event of parseStrace(chunks))
    events.push(JSON.stringify({ ...event, text: event.text }, plain));
  return events;
}

describe('hostile logs', () => {
  const line = fc.oneof(
    hostileString,
    fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes)),
    fc
      .tuple(fc.constantFrom('> ', '7 ', '[pid 7] ', 'web | ', '12:00:01 ', '1:', '\t'), hostileString)
      .map((parts) => `${parts.join('')}(`),
    fc.constantFrom(
      '\ufeff'.slice(1),
      '\u00ff\u00fe',
      '\u00ef\u00bb\u00bf',
      '\r',
      '7 +++ exited with 0 +++\r',
    ),
  );

  it('of any bytes say the same in any chunks, and nothing throws', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const log = encode(lines.join('\n'));
          const chunks = Array.from({ length: Math.ceil(log.length / size) }, (_, i) =>
            log.subarray(i * size, (i + 1) * size),
          );
          expect(await told(chunks)).toEqual(await told([log]));
          const reader = readAccesses(chunks);
          for await (const _ of reader);
          expect(reader.summary.unparsed).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('with a line of 100 MB are read on after it', async () => {
    const piece = Buffer.alloc(1 << 20, 'x');
    function* log() {
      yield encode('1 open("');
      for (let i = 0; i < 100; i++) yield piece;
      yield encode('", O_RDONLY) = 3\n1 open("/after", O_RDONLY) = 3\n');
    }
    const lengths: number[] = [];
    for await (const { path } of readAccesses(log())) lengths.push(path.length);
    expect(lengths).toEqual([(100 << 20) + 1, '/after'.length]);
  });

  const MILLION = 1_000_000;
  const inChunks = function* (count: number, lineOf: (index: number) => string) {
    for (let at = 0; at < count; at += 1000) {
      let text = '';
      for (let i = at; i < Math.min(count, at + 1000); i++) text += lineOf(i);
      yield encode(text);
    }
  };

  it.each<[string, number, (index: number) => string]>([
    [
      'a million processes, one after the other',
      MILLION,
      (i) => `1 fork() = ${i + 2}\n${i + 2} open("/a", O_RDONLY) = 3\n${i + 2} +++ exited with 0 +++\n`,
    ],
    [
      'a hundred thousand that are all inside a clone',
      MILLION / 10,
      (i) => `${i + 1} clone(flags=SIGCHLD <unfinished ...>\n`,
    ],
    [
      'a hundred thousand that are announced and do nothing',
      MILLION / 10,
      (i) => `strace: Process ${i + 2} attached\n`,
    ],
  ])('of %s are read in one go', async (_what, count, lineOf) => {
    const reader = readAccesses(inChunks(count, lineOf));
    let accesses = 0;
    for await (const batch of reader.batches()) accesses += batch.length;
    expect(reader.summary.unparsed).toBe(0);
    expect(accesses === 0 || accesses === count).toBe(true);
  });
});
