import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Chance, createChance } from '../../../test-fixtures/chance.ts';
import { judgeTexts } from '../test/judge-texts.js';
import { compareRuns } from './compare-runs.js';
import { type RunOutcome, toContent } from './run-outcome.js';

/** What a program prints, by what it found. */
type Program = (chance: Chance, found: { readonly plugins: number; readonly accuracy: number }) => string;

const seconds = (chance: Chance) => (chance.next() * 2).toFixed(3);

/** Over results of these, earlier comparisons said that they do what the source does, though they found nothing. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  'three threads that sleep, and a count': (chance, { plugins }) =>
    [
      ...chance.shuffled(['alpha', 'beta', 'gamma']).map((name) => `${name} took ${seconds(chance)} s`),
      `plugins found: ${plugins}`,
    ].join('\n'),
  'three threads that are numbered': (chance, { plugins }) =>
    [
      ...chance.shuffled([1, 2, 3]).map((number) => `thread ${number} took ${seconds(chance)} s`),
      `plugins found: ${plugins}`,
    ].join('\n'),
  'a progress of any length, and results': (chance, { plugins, accuracy }) =>
    [
      ...chance.list(10 + chance.below(11), () => 'working'),
      `plugins found: ${plugins}`,
      `accuracy: ${accuracy}`,
    ].join('\n'),
  'a progress that counts, and results': (chance, { plugins, accuracy }) =>
    [
      ...chance.list(10 + chance.below(11), (at) => `step ${at + 1} of many`),
      `plugins found: ${plugins}`,
      `accuracy: ${accuracy}`,
    ].join('\n'),
  'a random id beside a count, and a line that comes or not': (chance, { plugins }) =>
    [
      ...(chance.next() < 0.5 ? ['retried'] : []),
      `id ${chance.bytes(12).toString('base64')} count ${plugins}`,
      'done',
    ].join('\n'),
};

const WHOLE = { plugins: 12, accuracy: 0.93 };
const EMPTY = { plugins: 0, accuracy: 0.1 };
const ROUNDS = 200;

describe.each(Object.entries(PROGRAMS))('%s', (_what, program) => {
  const rounds = Array.from({ length: ROUNDS }, (_, seed) => createChance(seed));

  it('is refused where it found nothing', () => {
    for (const chance of rounds) {
      const result = `${program(chance, EMPTY)}\n`;
      const mismatch = judgeTexts(() => `${program(chance, WHOLE)}\n`, result);
      expect(mismatch?.source, result).toMatch(/\b(?:12|0\.93)$/);
      expect(mismatch?.result, result).toMatch(/\b(?:0|0\.1)$/);
    }
  });

  it('is accepted where it found all', () => {
    const alarms = rounds.filter((chance) => {
      const run = () => `${program(chance, WHOLE)}\n`;
      return judgeTexts(run, run()) !== undefined;
    });
    // A line that comes in one of two runs may come in each of ten.
    expect(alarms.length).toBeLessThanOrEqual(1);
  });
});

describe('a list that is encrypted with a salt', () => {
  /** Block cipher in counter mode by a hash: as long as the text, and another throughout for another salt. */
  function encrypted(text: string, salt: Buffer): Buffer {
    const stream = Array.from({ length: Math.ceil(text.length / 32) }, (_, block) =>
      createHash('sha256').update(salt).update(String(block)).digest(),
    );
    const bytes = Buffer.concat(stream).subarray(0, text.length);
    return Buffer.concat([
      Buffer.from('Salted__'),
      salt,
      bytes.map((byte, at) => byte ^ text.charCodeAt(at)),
    ]);
  }
  const run = (content: Uint8Array): RunOutcome => ({
    exitStatus: 0,
    stdout: toContent(''),
    stderr: toContent(''),
    files: new Map([
      ['/out.enc', { type: 'file', mode: 0o644, uid: 0, gid: 0, content: toContent(content) }],
    ]),
  });
  const names = Array.from({ length: 200 }, (_, number) => `name-${number}\n`).join('');
  const chance = createChance(1);
  const source = () => run(encrypted(names, chance.bytes(8)));

  it.each([2, 3, 5])('is of one size, and begins in one way: with %i samples', async (count) => {
    const samples = chance.list(count, source);
    for (const wrong of [encrypted('', chance.bytes(8)), encrypted(names.slice(1), chance.bytes(8))])
      expect((await compareRuns(samples, run(wrong))).differences).toMatchObject([{ path: '/out.enc' }]);
    const other = encrypted(names, chance.bytes(8));
    other.write('Peppered');
    expect((await compareRuns(samples, run(other))).differences).toMatchObject([{ path: '/out.enc' }]);
  });

  it('and what is in it is said not to be compared', async () => {
    const comparison = await compareRuns(chance.list(4, source), source());
    expect(comparison).toMatchObject({
      differences: [],
      notCompared: [{ where: { path: '/out.enc' }, reason: 'varies-throughout' }],
      files: { exactly: 0, byMask: 0, notAtAll: 1 },
    });
  });
});
