import { describe, expect, it } from 'vitest';
import { createChance } from '../../../../test-fixtures/chance.ts';
import { learnTextMask, type TextMismatch } from './text-mask.js';

const { next, below, list, letters, hex, bytes, shuffled } = createChance(1);
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const date = () => new Date(below(2e9) * 1000);
const signed = (digits: number) => (next() * 2 - 1).toFixed(digits);
const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-');
/** A certificate's lines begin and end with what is the same in each. */
const pem = () => Buffer.concat([Buffer.alloc(20, 7), bytes(60), Buffer.alloc(30, 9)]).toString('base64');

/** What programs print: by chance, by the clock, by how fast they are. */
const LINES: Readonly<Record<string, () => string>> = {
  'a signed number': () => `x = ${signed(4)}`,
  'a number alone': () => String(below(100) - 50),
  'a small number': () => `p = ${(10 ** (-next() * 12)).toPrecision(4)}`,
  'a list of signed numbers': () => `[${list(4, () => signed(3)).join(', ')}]`,
  'an array as numpy prints it': () => `[${list(4, () => signed(1 + below(5)).padStart(8)).join(' ')}]`,
  'a vector as R prints it': () => ` [1] ${list(5, () => signed(7).padStart(10)).join(' ')}`,
  'numbers in columns': () => `${String(below(3000)).padStart(6)} rows, ${String(below(200)).padStart(4)} %`,
  'a training log': () =>
    `loss: ${next().toExponential(4)} - acc: ${next().toFixed(4)} - ${below(900)}ms/step`,
  'a duration in ms or s': () =>
    next() < 0.5 ? `took ${below(1000)} ms` : `took ${(next() * 9).toFixed(2)} s`,
  'a duration as Go prints it': () =>
    next() < 0.5 ? `took ${(next() * 999).toFixed(3)}\xc2\xb5s` : `took ${(next() * 9).toFixed(6)}ms`,
  'a duration as time(1) prints it': () => `real\t0m${(next() * 2).toFixed(3)}s`,
  'a hardware address': () => `ether ${list(6, () => hex(2)).join(':')} of 1`,
  'memory in columns': () => `Mem:     8131256 ${list(3, () => String(below(3e6)).padStart(11)).join(' ')}`,
  'a cell of a table that is drawn': () => utf8(`\u2502 rows \u2502${String(below(1e5)).padStart(8)}\u2502`),
  'a rule as wide as what is below': () => utf8(`\u250c${'\u2500'.repeat(2 + below(12))}\u2510`),
  'a dictionary of which values vary': () =>
    `{${shuffled(["'a': 1", "'b': 'two'", `'t': ${next().toFixed(4)}`]).join(', ')}}`,
  'a size in B or K': () => (next() < 0.5 ? `${below(1000)}B` : `${(next() * 9).toFixed(1)}K`),
  'a time': () => `at ${date().toISOString()}`,
  'a time with a zone': () => date().toUTCString(),
  'a line of a log': () =>
    `[${date().toISOString()}] INFO [pid ${below(99999)}] ready in ${next().toFixed(3)}s`,
  'a line of ls': () =>
    `-rw-r--r-- 1 root root ${below(9999)} Nov ${String(1 + below(30)).padStart(2)} 10:11 f.txt`,
  'an address and a port': () => `peer ${below(256)}.${below(256)}.3.4:${below(65536)}`,
  'an IPv6 address': () => `addr fe80::${hex(4)}:${hex(3)}:ff:fe00:1`,
  'a fingerprint': () => `SHA256 ${list(20, () => hex(2).toUpperCase()).join(':')}`,
  'a digest': () => hex(40),
  'a short digest': () => `commit ${hex(7)}`,
  'a UUID': () => `<g id="n${below(1e6)}" uuid="${uuid()}"/>`,
  'a pointer': () => `<object at 0x${hex(12)}>`,
  'a name of mktemp': () => `wrote /tmp/tmp.${letters(ALPHANUMERIC, 10)}/out.txt`,
  'a name of tempfile': () => `wrote /tmp/tmp${letters(`${LOWER}0123456789_`, 8)}`,
  'a host name': () => hex(12),
  'a password': () => `password: ${letters(ALPHANUMERIC, 12)}`,
  'base 64': () => `token: ${bytes(16).toString('base64')}`,
  'a little of base 64': () => `nonce ${bytes(6).toString('base64')}`,
  'base 64 alone': () => bytes(200).toString('base64'),
  'base 64 in JSON': () => JSON.stringify({ a: 1, key: bytes(32).toString('base64'), b: 'x' }),
  'base 64 with known ends': pem,
  'a JSON web token': () =>
    `Bearer eyJhbGciOiJIUzI1NiJ9.${bytes(20).toString('base64url')}.${bytes(32).toString('base64url')}`,
  'a set': () => `{${shuffled(["'a'", "'b'", "'c'", "'d'"]).join(', ')}}`,
  'a list in any order': () => shuffled(['1', '2', '3', '4', '5']).join(', '),
  'a bar of progress': () => `${below(101)}%|${'#'.repeat(below(30))}`,
};

const SAMPLES_MAX = 5;

/** Take samples as long as one more may explain the difference, of the result as well. */
function judge(source: () => string, result: () => string): TextMismatch | undefined {
  const samples = [source()];
  const results = [result()];
  for (;;) {
    const mask = learnTextMask(samples);
    const mismatches = results.map((text) => mask.mismatch(text));
    const isLikeNoise = mask.mayBeNoise(results.at(-1) as string);
    if (mismatches.includes(undefined)) return undefined;
    if (samples.length === SAMPLES_MAX || (samples.length > 1 && !isLikeNoise)) return mismatches[0];
    samples.push(source());
    if (isLikeNoise) results.push(result());
  }
}

const ROUNDS = 100;
/** Samples may be the same by chance, and then speak against what is another. */
const ALARMS_MAX = 1;

describe.each(Object.entries(LINES))('%s', (_what, line) => {
  const textOf = (first: string) => () => `${first}\n${line()}\nend 42\n`;

  it('is not held against a result', () => {
    const source = textOf('start');
    const alarms = list(ROUNDS, () => judge(source, source)).filter((each) => each !== undefined);
    expect(alarms.length, JSON.stringify(alarms[0])).toBeLessThanOrEqual(ALARMS_MAX);
  });

  it('hides nothing beside it', () => {
    const source = textOf('start');
    for (const wrong of [
      textOf('stop'),
      () => 'start\nend 42\n',
      () => `start\n${line()}\nend 43\n`,
      () => `start\n${line()}\n`,
      () => 'start\n\nend 42\n',
      () => `start\nerror: cannot open shared object file\nend 42\n`,
      () => `start\n${line()}\nwarning: no locale\nend 42\n`,
    ])
      expect(judge(source, wrong), wrong()).toBeDefined();
  });
});
