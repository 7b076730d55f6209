import { describe, expect, it, vi } from 'vitest';
import { type Chance, createChance } from '../../../../test-fixtures/chance.ts';
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
const PRINTS: Readonly<Record<string, { steady: number; print: Print }>> = {
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
function steadyValue(chance: Chance): string {
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

const run = (program: readonly Part[], chance: Chance) =>
  program
    .flatMap(({ steady, print }) => print(chance, steady))
    .map((line) => `${line}\n`)
    .join('');

/** One value is another, or a part is missing, there twice, or at another place. */
function mutate(program: readonly Part[], chance: Chance): readonly Part[] {
  const at = chance.below(program.length);
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

/** Programs that are made for each number of samples. */
const PROGRAMS = Number(process.env.KEEPSET_LAW_PROGRAMS ?? 100);

/** What programs print that were made by chance, and what others print of which something steady is another. */
function* printed(sampleCount: number) {
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const chance = createChance(seed * 10 + sampleCount);
    const program = makeProgram(chance);
    const samples = chance.list(sampleCount, () => run(program, chance));
    const mask = learnTextMask(samples);
    yield {
      mask,
      samples,
      again: () => run(program, chance),
      mutant: () => run(mutate(program, chance), chance),
    };
  }
}

/** Samples may be the same by chance, and then speak against what is another. */
const ALARMS_MAX = Math.ceil(PROGRAMS / 500);

vi.setConfig({ testTimeout: 60 * 1000 });

describe.each([2, 3, 4, 5])('learnt from %i samples', (sampleCount) => {
  it('whatever they have in common is held against the result', () => {
    for (const { mask, samples, mutant } of printed(sampleCount)) {
      const result = mutant();
      expect(mask.mismatch(result), `${samples.join('---\n')}===\n${result}`).toBeDefined();
    }
  });

  it('each of them is accepted', () => {
    for (const { mask, samples } of printed(sampleCount))
      for (const sample of samples) expect(mask.mismatch(sample), samples.join('---\n')).toBeUndefined();
  });

  it('another run is accepted, or one more sample is asked for', () => {
    const alarms: string[] = [];
    for (const { mask, samples, again } of printed(sampleCount)) {
      const result = again();
      if (mask.mismatch(result) !== undefined && !mask.mayBeNoise(result))
        alarms.push(`${samples.join('---\n')}===\n${result}`);
    }
    expect(alarms.length, alarms[0]).toBeLessThanOrEqual(ALARMS_MAX);
  });
});

/** So many are asked for at most. */
const SAMPLES_MAX = 10;
/** A line that comes in one of two runs is in ten of them, or in none, in one of 500 cases; some programs have more of these. */
const SEQUENCE_ALARMS_MAX = Math.ceil(PROGRAMS / 300);

it('with as many samples as are asked for, another run is accepted', () => {
  const alarms: string[] = [];
  for (const { samples, again } of printed(2)) {
    const result = again();
    let mask = learnTextMask(samples);
    while (samples.length < SAMPLES_MAX && mask.mismatch(result) !== undefined && mask.mayBeNoise(result)) {
      samples.push(again());
      mask = learnTextMask(samples);
    }
    if (mask.mismatch(result) !== undefined) alarms.push(`${samples.join('---\n')}===\n${result}`);
  }
  expect(alarms.length, alarms[0]).toBeLessThanOrEqual(SEQUENCE_ALARMS_MAX);
});

it('what is wrong in each way is refused soon', () => {
  let drawn = 0;
  for (const { samples, again, mutant } of printed(2)) {
    const result = mutant();
    let mask = learnTextMask(samples);
    while (samples.length < SAMPLES_MAX && mask.mayBeNoise(result)) {
      samples.push(again());
      drawn++;
      mask = learnTextMask(samples);
      expect(mask.mismatch(result)).toBeDefined();
    }
  }
  expect(drawn / PROGRAMS).toBeLessThan(6);
});
