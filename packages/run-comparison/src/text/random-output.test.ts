import { describe, expect, it, vi } from 'vitest';
import { type Chance, createChance } from '../../../../test-fixtures/chance.ts';
import { createJudge, judgeTexts } from '../../test/judge-texts.js';
import { learnTextMask } from './text-mask.js';

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const GRAPHIC = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join('');

const byte = (value: number) => value.toString(16).padStart(2, '0');
const cells = (chance: Chance, count: number) => [...chance.bytes(count)].map(byte).join(' ');
const ascii = (bytes: Buffer) =>
  [...bytes].map((each) => (each < 32 || each > 126 ? '.' : String.fromCharCode(each))).join('');
const uuid = (chance: Chance) => [8, 4, 4, 4, 12].map((length) => chance.hex(length)).join('-');
/** A dictionary. */
const WORDS = createChance(7).list(2000, (at) => createChance(at).letters(LOWER, 2 + (at % 9)));
const words = (chance: Chance, count: number) =>
  chance.list(count, () => WORDS[chance.below(WORDS.length)] as string).join(' ');

function od(chance: Chance, count: number, perLine = 16): readonly string[] {
  return chance.list(
    Math.ceil(count / perLine),
    (at) => ` ${cells(chance, Math.min(perLine, count - perLine * at))}`,
  );
}

function hexdump(chance: Chance, count: number): readonly string[] {
  const lines = chance.list(Math.ceil(count / 16), (at) => {
    const bytes = chance.bytes(Math.min(16, count - 16 * at));
    const half = (start: number) => [...bytes.subarray(start, start + 8)].map(byte).join(' ').padEnd(23);
    return `${(16 * at).toString(16).padStart(8, '0')}  ${half(0)}  ${half(8)}  |${ascii(bytes)}|`;
  });
  return [...lines, count.toString(16).padStart(8, '0')];
}

function xxd(chance: Chance, count: number): readonly string[] {
  return chance.list(Math.ceil(count / 16), (at) => {
    const bytes = chance.bytes(16);
    const groups = bytes.toString('hex').replace(/.{4}(?=.)/g, '$& ');
    return `${(16 * at).toString(16).padStart(8, '0')}: ${groups}  ${ascii(bytes)}`;
  });
}

function folded(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
}

/** What the usual programs make of /dev/urandom and the clock: nothing of it stays but its form. */
const OUTPUTS: Readonly<Record<string, (chance: Chance) => readonly string[]>> = {
  'od -An -tx1, 1 byte': (c) => od(c, 1),
  'od -An -tx1, 4 bytes': (c) => od(c, 4),
  'od -An -tx1, 16 bytes': (c) => od(c, 16),
  'od -An -tx1, 20 bytes': (c) => od(c, 20),
  'od -An -tx1, 64 bytes': (c) => od(c, 64),
  'od -An -tx1, 256 bytes': (c) => od(c, 256),
  'od -An -tx1, 256 bytes on a line': (c) => od(c, 256, 256),
  'od -tx1, with offsets': (c) =>
    od(c, 32).map((line, at) => `${(16 * at).toString(8).padStart(7, '0')}${line}`),
  'od -An -tx4': (c) => [` ${c.list(4, () => c.hex(8)).join(' ')}`],
  'od -An -tx2': (c) => [` ${c.list(8, () => c.hex(4)).join(' ')}`],
  'od -An -tu1': (c) => [c.list(16, () => String(c.below(256)).padStart(4)).join('')],
  'od -An -td2': (c) => [c.list(8, () => String(c.below(65536) - 32768).padStart(7)).join('')],
  'hexdump -C, 8 bytes': (c) => hexdump(c, 8),
  'hexdump -C, 16 bytes': (c) => hexdump(c, 16),
  'hexdump -C, 40 bytes': (c) => hexdump(c, 40),
  'hexdump -C, 256 bytes': (c) => hexdump(c, 256),
  'xxd, 16 bytes': (c) => xxd(c, 16),
  'xxd, 64 bytes': (c) => xxd(c, 64),
  'xxd -p': (c) => folded(c.hex(100), 60),
  'hex in capitals': (c) => [`${cells(c, 12).toUpperCase()}`],
  'hex between colons': (c) => [cells(c, 6).replaceAll(' ', ':')],
  'a short key in hex': (c) => [`key ${c.hex(4)} of ${c.hex(6)}`],
  'a colour': (c) => [`#${c.hex(6)}`],
  uuidgen: (c) => [uuid(c)],
  'uuidgen, 3 times': (c) => c.list(3, () => uuid(c)),
  'date +%N': (c) => [c.letters(DIGITS, 9)],
  'date +%s.%N': (c) => [`${1_700_000_000 + c.below(1e6)}.${c.letters(DIGITS, 9)}`],
  'base64, 12 bytes': (c) => [c.bytes(12).toString('base64')],
  'base64, 200 bytes': (c) => folded(c.bytes(200).toString('base64'), 76),
  'letters and digits': (c) => [c.letters(ALPHANUMERIC, 8)],
  'a password with marks': (c) => [c.letters(GRAPHIC, 20)],
  'a password with few marks': (c) => [c.letters(`${ALPHANUMERIC}!@#$%&*`, 12)],
  'shuf -n 5 words': (c) => words(c, 5).split(' '),
  'words on a line': (c) => [words(c, 6)],
  'words, now more, now fewer': (c) => [words(c, 3 + c.below(6))],
  'a name of two words': (c) => [words(c, 2).replace(' ', '_')],
  'binary digits': (c) => [c.list(4, () => c.letters('01', 8)).join(' ')],
  'all of it on one line': (c) => [
    `${uuid(c)} ${c.letters(DIGITS, 9)} ${cells(c, 4)} ${c.bytes(9).toString('base64')} ${words(c, 2)}`,
  ],
  'all of it line by line': (c) => [
    uuid(c),
    c.letters(DIGITS, 9),
    ...od(c, 24),
    ...hexdump(c, 24),
    c.bytes(30).toString('base64'),
    words(c, 4),
  ],
  'a table of keys': (c) =>
    c.list(3, (at) => `user-${at + 1}  ${c.hex(8)}  ${c.letters(LOWER, 5)}  ${cells(c, 2)}`),
};

/** Of which nothing stays, so that any line of words is as good: it is said not to be compared. */
const LOOSE: ReadonlySet<string> = new Set(['words, now more, now fewer']);

type Change = (all: readonly string[]) => readonly string[];

const CHANGES: Readonly<Record<string, Change>> = {
  'a number is another': (all) => all.with(-1, 'made 0 keys'),
  'a word is another': (all) => all.with(0, 'salt in 12:'),
  'the last line is missing': (all) => all.slice(0, -1),
  'a line of it is missing': (all) => all.toSpliced(1, 1),
  'a line of it is there twice': (all) => all.toSpliced(1, 0, all[1] as string),
  'all of it is missing': (all) => [all[0] as string, all.at(-1) as string],
  'there is nothing': (all) => all.with(1, ''),
};

const CHANGES_OF_FIELDS: Readonly<Record<string, Change>> = {
  'there is an error': (all) => all.with(1, 'error: cannot open shared object file'),
  'a field is missing': (all) => all.with(1, (all[1] as string).replace(/[ \t]*\S+$/, '')),
  'a field is one too many': (all) => all.with(1, `${all[1]} ${all[1]}`),
};

/** Of each; with 300, one wrong alarm in hundred shows. */
const ROUNDS = Number(process.env.KEEPSET_LAW_PROGRAMS ?? 15);
const CHANGED_ROUNDS = Math.ceil(ROUNDS / 5);

vi.setConfig({ testTimeout: 60 * 1000 });

describe.each(Object.entries(OUTPUTS))('%s', (what, lines) => {
  const chances = (count: number) => Array.from({ length: count }, (_, seed) => createChance(seed));
  const made = (chance: Chance) => ['salt of 12:', ...lines(chance), 'made 3 keys'];
  const textOf = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
  const print = (chance: Chance) => textOf(made(chance));
  const changed = chances(CHANGED_ROUNDS).map((chance) => ({
    result: made(chance),
    judge: createJudge(() => print(chance)),
  }));

  it('is not held against another run', () => {
    const alarms = chances(ROUNDS).flatMap((chance) => judgeTexts(() => print(chance), print(chance)) ?? []);
    expect(alarms.length, JSON.stringify(alarms[0])).toBe(0);
  });

  it.each(Object.entries({ ...CHANGES, ...(!LOOSE.has(what) && CHANGES_OF_FIELDS) }))(
    'hides nothing: %s',
    (_change, change) => {
      for (const { result, judge } of changed) {
        const text = textOf(change(result));
        expect(judge(text), text).toBeDefined();
      }
    },
  );
});

it('a line of words, now more, now fewer, is said not to be compared', () => {
  const chance = createChance(1);
  const lines = OUTPUTS['words, now more, now fewer'] as (typeof OUTPUTS)[string];
  const samples = chance.list(4, () => `${lines(chance)}\nend\n`);
  expect(learnTextMask(samples).countHolds(samples[0] as string)).toEqual({
    exactly: 1,
    byMask: 0,
    notAtAll: 1,
  });
});
