import { describe, expect, it } from 'vitest';
import { type Chance, createChance } from '../../test/chance.js';
import { learnTextMask } from './text-mask.js';

/**
 * Programs as what they print: each part of one says what of it never varies (`steady`), and prints that with something that
 * does. Only this file knows which is which.
 */
type Print = (chance: Chance, steady: readonly string[]) => readonly string[];

interface Part {
  readonly steady: readonly string[];
  readonly print: Print;
}

const time = (chance: Chance) =>
  `12:${String(chance.below(60)).padStart(2, '0')}:${String(chance.below(60)).padStart(2, '0')}`;
const seconds = (chance: Chance) => (chance.next() * 3).toFixed(3);
const id = (chance: Chance) =>
  chance.letters('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 10);
const base64 = (chance: Chance) => chance.bytes(16).toString('base64');

/** How each kind of part is printed; `a`, `b`, … are what never varies. */
export const PRINTS: Readonly<Record<string, { steady: number; print: Print }>> = {
  'a line': { steady: 2, print: (_, [a, b]) => [`${a} found: ${b}`] },
  'a line alone': { steady: 1, print: (_, [a]) => [`${a}`] },
  'a line twice': { steady: 1, print: (_, [a]) => [`item ${a}`, `item ${a}`] },
  'a duration beside a count': {
    steady: 2,
    print: (c, [a, b]) => [`${a} took ${seconds(c)} s for ${b} files`],
  },
  'a log line': { steady: 2, print: (c, [a, b]) => [`[${time(c)}] INFO ${a}: ${b} [pid ${c.below(30000)}]`] },
  'values between commas': { steady: 2, print: (c, [a, b]) => [`${seconds(c)},${a},${id(c)},${b}`] },
  'JSON with an id': {
    steady: 2,
    print: (c, [a, b]) => [JSON.stringify({ id: id(c), count: a, key: base64(c), name: b })],
  },
  'JSON of which a field comes or goes': {
    steady: 2,
    print: (c, [a, b]) => [
      JSON.stringify({ count: a, ...(c.next() < 0.5 && { retried: true }), name: b, at: c.below(1e6) }),
    ],
  },
  'a table of varying width': {
    steady: 2,
    print: (c, [a, b]) => {
      const width = 8 + c.below(9);
      return [
        '-'.repeat(width * 2),
        `${'name'.padEnd(width)}size`,
        `${a?.padEnd(width)}${b}`,
        '-'.repeat(width * 2),
      ];
    },
  },
  'names joined by underscores': { steady: 2, print: (c, [a, b]) => [`plugins_${a}_${c.hex(6)}_${b}`] },
  'a path with a temporary name': {
    steady: 2,
    print: (c, [a, b]) => [`wrote /tmp/tmp.${id(c)}/${a}-${b}.txt`],
  },
  'an address and a port': {
    steady: 1,
    print: (c, [a]) => [`127.0.0.1:${32768 + c.below(28000)} serves ${a}`],
  },
  'threads in any order': {
    steady: 3,
    print: (c, [a, b, d]) => c.shuffled([`worker A read ${a}`, `worker B read ${b}`, `worker C read ${d}`]),
  },
  'threads with times in any order': {
    steady: 3,
    print: (c, all) => c.shuffled(all.map((each, at) => `worker ${at + 1} read ${each} in ${seconds(c)} s`)),
  },
  'a set': { steady: 3, print: (c, all) => [`{${c.shuffled(all.map((each) => `'${each}'`)).join(', ')}}`] },
  'a dictionary in hash order': {
    steady: 3,
    print: (c, all) => [`{${c.shuffled(all.map((each, at) => `'key${at}': ${each}`)).join(', ')}}`],
  },
  'a dictionary in hash order, line by line': {
    steady: 3,
    print: (c, all) => ['{', c.shuffled(all.map((each, at) => `  "key${at}": "${each}"`)).join(',\n'), '}'],
  },
  'a progress of dots': {
    steady: 1,
    print: (c, [a]) => [...c.list(2 + c.below(10), () => '.'), `loaded ${a}`],
  },
  'a progress that counts': {
    steady: 1,
    print: (c, [a]) => [...c.list(5 + c.below(10), (at) => `step ${at + 1}`), `stepped ${a}`],
  },
  'a progress in percent': {
    steady: 1,
    print: (c, [a]) => {
      const steps = 5 + c.below(10);
      return [...c.list(steps, (at) => `${Math.round(((at + 1) * 100) / steps)} % of ${a}`)];
    },
  },
  'a progress on one line': {
    steady: 1,
    print: (c, [a]) => [
      `${c.list(3 + c.below(8), (at) => `\r${at * 7 + c.below(7)}% [${'#'.repeat(at)}]`).join('')}\rdone: ${a}`,
    ],
  },
  'a line that comes or not': {
    steady: 1,
    print: (c, [a]) => [...(c.next() < 0.5 ? ['retried'] : []), `${base64(c)} counted ${a}`],
  },
};

const KINDS = Object.keys(PRINTS);
/** What programs count and name: numbers of one to four digits, words, decimals. */
export function steadyValue(chance: Chance): string {
  const kind = chance.below(4);
  if (kind === 0) return String(chance.below(10));
  if (kind === 1) return String(10 + chance.below(2000));
  if (kind === 2) return (chance.next() * 10).toFixed(2);
  return chance.letters('bcdfghklmnprstvw', 3 + chance.below(5));
}

function makeProgram(chance: Chance): readonly Part[] {
  return chance.list(1 + chance.below(6), () => {
    const { steady, print } = PRINTS[KINDS[chance.below(KINDS.length)] as string] as (typeof PRINTS)[string];
    return { steady: chance.list(steady, () => steadyValue(chance)), print };
  });
}

export const run = (program: readonly Part[], chance: Chance) =>
  program
    .flatMap(({ steady, print }) => print(chance, steady))
    .map((line) => `${line}\n`)
    .join('');

/** One value is another, or a part is missing, there twice, or at another place. */
export function mutate(program: readonly Part[], chance: Chance, only?: number): readonly Part[] {
  const at = only ?? chance.below(program.length);
  const part = program[at] as Part;
  const kind = chance.below(6);
  if (kind === 0) return program.toSpliced(at, 1);
  if (kind === 1) return program.toSpliced(at, 0, part);
  const place = chance.below(part.steady.length);
  const before = part.steady[place] as string;
  let value = before;
  while (value === before || part.steady.includes(value))
    value =
      chance.below(3) === 0 ? '0' : chance.below(2) === 0 ? String(chance.below(30)) : steadyValue(chance);
  return program.with(at, { ...part, steady: part.steady.with(place, value) });
}

const SAMPLES = [2, 3, 4, 5];
const ROUNDS = 2000;

describe.each(SAMPLES)('learnt from %i samples', (count) => {
  it('whatever never varies is held against the result', () => {
    const missed: unknown[] = [];
    for (let seed = 0; seed < ROUNDS; seed++) {
      const chance = createChance(seed * 10 + count);
      const program = makeProgram(chance);
      const samples = chance.list(count, () => run(program, chance));
      const mutant = mutate(program, chance);
      const result = run(mutant, chance);
      if (learnTextMask(samples).mismatch(result) === undefined) missed.push({ samples, result });
    }
    expect(missed.length, JSON.stringify(missed.slice(0, 3), null, 1).replaceAll('\\n', '\n')).toBe(0);
  });
  it('chance is not, or looks like it', () => {
    const alarms: unknown[] = [];
    for (let seed = 0; seed < ROUNDS; seed++) {
      const chance = createChance(seed * 10 + count);
      const program = makeProgram(chance);
      const samples = chance.list(count, () => run(program, chance));
      const result = run(program, chance);
      const mask = learnTextMask(samples);
      if (mask.mismatch(result) !== undefined && !mask.mayBeNoise(result))
        alarms.push({ mismatch: mask.mismatch(result), samples, result });
    }
    expect(alarms.length, JSON.stringify(alarms.slice(0, 3), null, 1).replaceAll('\\n', '\n')).toBe(0);
  });
});

it('alarms', () => {
  const alarms: unknown[] = [];
  let drawn = 0;
  for (let seed = 0; seed < ROUNDS; seed++) {
    const chance = createChance(seed * 10);
    const program = makeProgram(chance);
    const samples = chance.list(2, () => run(program, chance));
    const result = run(program, chance);
    let mask = learnTextMask(samples);
    while (samples.length < 10 && mask.mismatch(result) !== undefined && mask.mayBeNoise(result)) {
      samples.push(run(program, chance));
      drawn++;
      mask = learnTextMask(samples);
    }
    if (mask.mismatch(result) !== undefined)
      alarms.push({
        n: samples.length,
        mismatch: mask.mismatch(result),
        samples: samples.slice(0, 3),
        result,
      });
  }
  console.log('drawn', drawn);
  expect(alarms.length, JSON.stringify(alarms.slice(0, 3), null, 1).replaceAll('\\n', '\n')).toBe(0);
});
