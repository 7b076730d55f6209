import { describe, expect, it } from 'vitest';
import { createChance } from '../../../../test-fixtures/chance.ts';
import { compareRuns } from '../compare-runs.js';
import { type RunOutcome, toContent } from '../run-outcome.js';

/** Bytes of no text, the same for the same seed. */
const noise = (length: number, seed: number) => createChance(seed).bytes(length);

const run = (bytes: Uint8Array): RunOutcome => ({
  exitStatus: 0,
  stdout: toContent(''),
  stderr: toContent(''),
  files: new Map([['/out', { type: 'file', mode: 0o644, uid: 0, gid: 0, content: toContent(bytes) }]]),
});

/** What becomes of a result whose file is `result`, where runs of the source made these. */
async function compared(samples: readonly Uint8Array[], result: Uint8Array) {
  const { differences, masked, isLikeNoise } = await compareRuns(samples.map(run), run(result));
  return { isSame: differences.length === 0, variation: masked[0]?.variation, isLikeNoise };
}

const BODY = noise(20_000, 1);
const date = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\D/g, '');
/** As R and Cairo write it: dates, and compressed streams that are the same each time. */
const pdf = (seconds: number, body: Buffer = BODY) =>
  Buffer.concat([
    Buffer.from(
      `%PDF-1.4\n1 0 obj\n<<\n/CreationDate (D:${date(seconds)})\n/ModDate (D:${date(seconds)})\n>>\n`,
    ),
    body,
  ]);
/** As zip writes it: a time before each member, and all of them again at the end. */
const archive = (time: number) => {
  const header = (name: string) => {
    const bytes = Buffer.alloc(46);
    bytes.write(`PK\x03\x04${name}`);
    bytes.writeUInt32LE(time, 30);
    return bytes;
  };
  const members = ['a', 'b', 'c'].map((name, at) => Buffer.concat([header(name), noise(500, at)]));
  return Buffer.concat([...members, ...['a', 'b', 'c'].map(header)]);
};
const TIMES = [1_700_000_000, 1_700_000_101, 1_700_000_009, 1_700_086_400, 1_731_536_000, 1_731_536_007];
/** Between two runs of the source, as the runs of a result are. */
const BETWEEN = 1_700_000_100;

describe.each([
  ['a PDF with dates', pdf],
  ['an archive with times', archive],
])('%s', (_what, made) => {
  it.each([2, 3, 4])('is held against %i samples, but for those', async (count) => {
    const samples = TIMES.slice(0, count).map((time) => made(time));
    expect(await compared(samples, made(BETWEEN))).toEqual({
      isSame: true,
      variation: 'bytes',
      isLikeNoise: true,
    });
  });

  it('is another where a byte elsewhere is', async () => {
    const samples = TIMES.map((time) => made(time));
    const wrong = made(BETWEEN);
    wrong.writeUInt8((wrong.readUInt8(400) + 1) % 256, 400);
    expect(await compared(samples, wrong)).toEqual({ isSame: false, variation: 'bytes', isLikeNoise: false });
    // With fewer, one more may tell.
    expect(await compared(samples.slice(0, 2), wrong)).toMatchObject({ isSame: false, isLikeNoise: true });
  });

  it('is another where something is missing, or one more', async () => {
    const samples = TIMES.slice(0, 4).map((time) => made(time));
    const whole = made(BETWEEN);
    for (const wrong of [whole.subarray(0, -1), Buffer.concat([whole, Buffer.alloc(1)]), Buffer.from('\0')])
      expect(await compared(samples, wrong)).toMatchObject({ isSame: false });
  });
});

it('a minute that has gone by since all samples wants a further one', async () => {
  const samples = [pdf(1_700_000_000), pdf(1_700_000_001)];
  expect(await compared(samples, pdf(BETWEEN))).toMatchObject({ isSame: false, isLikeNoise: true });
  expect(await compared([...samples, pdf(1_700_000_101)], pdf(BETWEEN))).toMatchObject({ isSame: true });
});

it.each([2, 3, 5, 10])('a number beside a time is no part of it: %i samples', async (count) => {
  const made = (milliseconds: number, number: number) =>
    Buffer.from(`\0\x01${date(1_700_000_000 + milliseconds / 1000)}${number} plugins`);
  const samples = TIMES.map((_, at) => made(at * 1001, 15));
  expect(await compared(samples.slice(0, count), made(500, 14))).toMatchObject({ isSame: false });
});

it('of numbers that vary, the first bytes seldom do: what comes late is no difference, and not compared', async () => {
  const { next } = createChance(7);
  const made = () => {
    const bytes = Buffer.alloc(400, 1);
    for (let at = 200; at < 400; at += 4) bytes.writeFloatLE(next() * 1e-3, at);
    return bytes;
  };
  for (let round = 0; round < 40; round++) {
    const samples = Array.from({ length: 5 }, made);
    const { differences } = await compareRuns(samples.map(run), run(made()));
    expect(differences).toEqual([]);
    const wrong = made();
    wrong.writeUInt8(2, 10);
    expect(await compared(samples, wrong)).toMatchObject({ isSame: false });
  }
});

describe('nothing is held against', () => {
  it.each<[string, readonly Uint8Array[], Uint8Array]>([
    ['bytes that are others throughout', [2, 3].map((seed) => noise(5000, seed)), noise(5000, 4)],
    ['a content that is not always as large', [pdf(1), noise(5000, 2)], noise(4000, 3)],
    [
      'one of which a long part varies',
      [2, 3].map((seed) => Buffer.concat([Buffer.alloc(2e6), noise(3e5, seed)])),
      Buffer.concat([Buffer.alloc(2e6), noise(3e5, 4)]),
    ],
    ['a small one', [noise(20, 2), noise(20, 3)], noise(20, 4)],
    [
      'bytes that vary elsewhere each time',
      [100, 3000, 9000].map((at) =>
        Buffer.concat([BODY.subarray(0, at), Buffer.alloc(40), BODY.subarray(at + 40)]),
      ),
      Buffer.concat([BODY.subarray(0, 15_000), Buffer.alloc(40), BODY.subarray(15_040)]),
    ],
  ])('%s', async (_what, samples, result) => {
    expect(await compared(samples, result)).toEqual({
      isSame: true,
      variation: 'content',
      isLikeNoise: true,
    });
  });
});

it('learns from contents of any size, in pieces of any size', { timeout: 120_000 }, async () => {
  const length = 3_000_000;
  const made = (time: number, piece: number) => {
    const bytes = Buffer.concat([noise(length, 1), pdf(time)]);
    return {
      ...toContent(bytes),
      async *read() {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
      },
    };
  };
  const outcome = (time: number, piece: number): RunOutcome => ({
    ...run(Buffer.alloc(0)),
    stdout: made(time, piece),
  });
  const samples = [outcome(1, 65_536), outcome(2, 1000), outcome(3, 7777)];
  const { differences, masked } = await compareRuns(samples, outcome(4, 100_000));
  expect(differences).toEqual([]);
  expect(masked).toEqual([{ where: 'stdout', variation: 'bytes' }]);
});
