import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseEnvProgram } from './env-program.js';
import { splitEnvString } from './split-env-string.js';

describe('parseEnvProgram', () => {
  it.each<[argument: string, program: object | undefined]>([
    ['python3', { program: 'python3' }],
    ['/opt/bin/python3', { program: '/opt/bin/python3' }],
    ['python3 -u', { program: 'python3 -u' }],
    ['-S python3 -u', { program: 'python3' }],
    ['-Spython3 -u', { program: 'python3' }],
    ['-vS python3', { program: 'python3' }],
    ['--split-string=python3 -u', { program: 'python3' }],
    ['-S -i python3', { program: 'python3' }],
    ['-S - python3', { program: 'python3' }],
    ['-S -u HOME python3', { program: 'python3' }],
    ['-S --unset=HOME python3', { program: 'python3' }],
    ['-S -C /tmp python3', { program: 'python3' }],
    ['-S A=1 B=2 python3', { program: 'python3' }],
    ['-S PATH=/opt:/bin python3', { program: 'python3', path: '/opt:/bin' }],
    ['-S -S python3', { program: 'python3' }],
    ['-S', undefined],
    ['', { program: '' }],
  ])('%s', (argument, program) => {
    expect(parseEnvProgram(argument)).toEqual(program);
  });
});

describe('splitEnvString', () => {
  const texts = [
    'a b  c',
    ' a\tb ',
    `"a b" 'c d'`,
    `a"b c"d`,
    String.raw`a\_b "a\_b"`,
    String.raw`a\tb \\ \"`,
    `'a\\'b'`,
    'a #b c',
    'a#b',
    String.raw`a\cb c`,
    `''`,
    '',
  ];

  // The oracle is GNU env: -S in a script's place, here with a program that prints each word in brackets.
  it.each(texts)('splits %j as env does', (text) => {
    const printed = execFileSync('env', [`-S printf [%s] x ${text}`], { encoding: 'latin1' });
    expect(['x', ...splitEnvString(text)].map((word) => `[${word}]`).join('')).toBe(printed);
  });
});
