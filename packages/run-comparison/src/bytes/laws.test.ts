import { describe, expect, it } from 'vitest';
import { type Chance, createChance } from '../../../../test-fixtures/chance.ts';
import { compareBytes } from '../compare-bytes.js';
import { toContent } from '../run-outcome.js';

/** A file in pieces: `steady` bytes, and what varies between them. */
type Piece = Buffer | ((chance: Chance) => Buffer);

const VARYING: readonly ((chance: Chance) => Buffer)[] = [
  (chance) => chance.bytes(8),
  (chance) => Buffer.from(`\0${chance.hex(32)}\0`),
  (chance) => Buffer.from(`(${20_240_101_000_000 + chance.below(1e6)})`),
  (chance) => chance.bytes(1 + chance.below(3)).subarray(0, 1),
];

function makeFile(chance: Chance): readonly Piece[] {
  return chance.list(2 + chance.below(5), (at) => {
    // More stays than varies: else nothing is said of it.
    if (at % 2 === 0) return Buffer.concat([Buffer.of(0), chance.bytes(80 + chance.below(60)), Buffer.of(0)]);
    return VARYING[chance.below(VARYING.length)] as (typeof VARYING)[number];
  });
}

const write = (file: readonly Piece[], chance: Chance) =>
  Buffer.concat(file.map((piece) => (Buffer.isBuffer(piece) ? piece : piece(chance))));

/** One bit of what stays is another, or there is a byte more or less. */
function mutate(file: readonly Piece[], chance: Chance): readonly Piece[] {
  const steady = file.flatMap((piece, at) => (Buffer.isBuffer(piece) ? at : []));
  const at = steady[chance.below(steady.length)] as number;
  const bytes = Buffer.from(file[at] as Buffer);
  const place = chance.below(bytes.length);
  const kind = chance.below(4);
  if (kind === 0) return file.with(at, Buffer.concat([bytes, Buffer.of(7)]));
  if (kind === 1) return file.with(at, bytes.subarray(1));
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << chance.below(8)), place);
  return file.with(at, bytes);
}

const FILES = 200;
/** Files that vary at all. */
function* written(sampleCount: number) {
  for (let seed = 0; seed < FILES; seed++) {
    const chance = createChance(seed * 10 + sampleCount);
    const file = makeFile(chance);
    if (file.every((piece) => Buffer.isBuffer(piece))) continue;
    const samples = chance.list(sampleCount, () => toContent(write(file, chance)));
    if (new Set(samples.map(({ sha256 }) => sha256)).size === 1) continue;
    yield {
      samples,
      again: () => toContent(write(file, chance)),
      mutant: () => toContent(write(mutate(file, chance), chance)),
    };
  }
}

describe.each([2, 3, 4, 5])('learnt from %i samples', (sampleCount) => {
  it('every bit that stays, and the size, is held against the result, or is said not to be', async () => {
    for (const { samples, mutant } of written(sampleCount)) {
      const { mismatch, notCompared } = await compareBytes(samples, mutant());
      expect(mismatch ?? notCompared).toBeDefined();
    }
  });

  it('another run is accepted, or one more sample is asked for', async () => {
    let alarms = 0;
    for (const { samples, again } of written(sampleCount)) {
      const { mismatch, isLikeNoise } = await compareBytes(samples, again());
      if (mismatch !== undefined && !isLikeNoise) alarms++;
    }
    // With four samples that are the same in a byte, it is taken for steady: one of 16 million is not.
    expect(alarms).toBe(0);
  });
});

it.each<[string, readonly string[], readonly string[], readonly string[]]>([
  [
    'begins and ends as all do',
    ['\0head-aaa-tail\0', '\0head-bb-tail\0', '\0head-cccc-tail\0'],
    ['\0head-ddd-tail\0', '\0head-eeeee-tail\0'],
    ['\0heap-ddd-tail\0', '\0head-ddd-tall\0', '\0head-tai'],
  ],
  [
    'is as large as was seen, or a little more or less',
    ['\x01'.repeat(100), '\x02'.repeat(104), '\x03'.repeat(110)],
    ['\x04'.repeat(95), '\x04'.repeat(120)],
    ['\x04'.repeat(80), '\x04'.repeat(130), ''],
  ],
])('of contents of several sizes, each %s', async (_what, samples, good, bad) => {
  const contents = samples.map(toContent);
  for (const text of good)
    expect(await compareBytes(contents, toContent(text)), JSON.stringify(text)).toMatchObject({
      variation: 'content',
      notCompared: 'size-varies',
      isLikeNoise: false,
    });
  for (const text of bad) expect((await compareBytes(contents, toContent(text))).mismatch).toBeDefined();
});
