import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProgressRecords } from './progress-records.js';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}
const read = (text: string, sizes: readonly number[] = []) =>
  Array.fromAsync(readProgressRecords(inPieces(Buffer.from(text), sizes), 'cannot pull a'));

describe('progress records', () => {
  it('are the same in any chunks', async () => {
    const record = fc.record({ status: fc.string({ unit: 'grapheme' }), id: fc.string() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record),
        fc.array(fc.nat({ max: 40 })),
        fc.boolean(),
        async (records, sizes, ended) => {
          const text = records.map((one) => JSON.stringify(one)).join('\r\n') + (ended ? '\n' : '');
          expect(await read(text, sizes)).toEqual(records);
        },
      ),
    );
  });

  it('are none in an empty stream, and empty lines are none', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\r\n{"status":"a"}\n\n')).toEqual([{ status: 'a' }]);
  });

  it.each([
    ['an error', '{"error":"no such host"}', 'ENGINE_FAILED', 'cannot pull a: no such host'],
    [
      'details of an error',
      '{"errorDetail":{"message":"no space left on device"},"error":"x"}',
      'NO_SPACE',
      'no space left',
    ],
    ['an error at the end of good records', '{"status":"a"}\n{"error":"late"}', 'ENGINE_FAILED', 'late'],
    ['an error of several lines', '{"error":"a\\n  b"}', 'ENGINE_FAILED', 'cannot pull a: a b'],
    ['what is no JSON', '<html>', 'ENGINE_FAILED', 'unreadable progress record: <html>'],
    ['a record that was cut', '{"status":"a', 'ENGINE_FAILED', 'unreadable'],
  ])('throw on %s', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
