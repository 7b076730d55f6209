import { describe, expect, expectTypeOf, it } from 'vitest';
import { defineCommand } from './command-definition.js';
import { optionGroup } from './option.js';
import { parseCommandLine } from './parse-command-line.js';

const OPTIONS = optionGroup('Options', {
  file: { type: 'text', alias: 'f', value: 'FILE', description: '' },
  from: { type: 'text', value: 'FILE', repeatable: true, description: '' },
  author: { type: 'text', value: 'NAME', default: 'us', description: '' },
  quiet: { type: 'flag', alias: 'q', description: '' },
  index: { type: 'flag', default: true, description: '' },
  by: { type: 'choice', choices: ['run', 'dir'], description: '' },
  depth: { type: 'number', value: 'N', min: 1, max: 9, default: 2, description: '' },
  crawl: { type: 'number', alias: 'c', value: 'N', min: 0, bare: 3, description: '' },
});
const NAMED = optionGroup('More', {
  in: { type: 'text', value: 'DIR', required: 'folder', description: '' },
});

const ANYWHERE = defineCommand({
  name: 'look',
  summary: '',
  usage: ['look FORM FILE...'],
  topic: 'This machine',
  description: '',
  examples: [
    { does: '', line: '' },
    { does: '', line: '' },
  ],
  placing: 'anywhere',
  operands: [
    { name: 'FORM', noun: 'form', choices: ['long', 'short'] },
    { name: 'FILE', noun: 'file', repeatable: true },
  ],
  groups: [OPTIONS, NAMED],
});
const LEADING = defineCommand({
  name: 'run',
  summary: '',
  usage: ['run IMAGE'],
  topic: 'This machine',
  description: '',
  examples: [
    { does: '', line: '' },
    { does: '', line: '' },
  ],
  placing: 'leading',
  operands: [{ name: 'IMAGE', noun: 'image' }],
  groups: [OPTIONS],
});

const NOTHING = {
  file: undefined,
  from: [],
  author: 'us',
  quiet: undefined,
  index: true,
  by: undefined,
  depth: 2,
  crawl: undefined,
};

describe('a command line', () => {
  it.each<[string, object, readonly string[]]>([
    ['long a --in x', { in: 'x' }, ['long', 'a']],
    ['--in=x short -q a b --by dir', { in: 'x', quiet: true, by: 'dir' }, ['short', 'a', 'b']],
    ['long a -fx --in . --no-quiet', { in: '.', file: 'x', quiet: false }, ['long', 'a']],
    ['long a --in x --in y', { in: 'y' }, ['long', 'a']],
    ['long a --in x --from 1 --from=2', { in: 'x', from: ['1', '2'] }, ['long', 'a']],
    ['long --in x --depth 007 -- --depth', { in: 'x', depth: 7 }, ['long', '--depth']],
    ['--crawl long a --in x', { in: 'x', crawl: 3 }, ['long', 'a']],
    ['--crawl 0 long a --in x', { in: 'x', crawl: 0 }, ['long', 'a']],
    ['-c long a --in=x', { in: 'x', crawl: 3 }, ['long', 'a']],
    ['-c5 long a --in=x --crawl=7', { in: 'x', crawl: 7 }, ['long', 'a']],
    ['long a --in x --crawl', { in: 'x', crawl: 3 }, ['long', 'a']],
    ['long a --in x --no-index --author me', { in: 'x', index: false, author: 'me' }, ['long', 'a']],
  ])('%s', (line, options, operands) => {
    expect(parseCommandLine(line.split(' '), ANYWHERE, {})).toEqual({
      options: { ...NOTHING, ...options },
      operands,
      passedOver: [],
    });
  });

  it('is typed by its definition', () => {
    const line = parseCommandLine(['long', 'a', '--in', 'x'], ANYWHERE, {});
    if (typeof line === 'string') throw new Error('help');
    const { options, operands } = line;
    expectTypeOf(options.file).toEqualTypeOf<string | undefined>();
    expectTypeOf(options.from).toEqualTypeOf<readonly string[]>();
    expectTypeOf(options.author).toEqualTypeOf<string>();
    expectTypeOf(options.quiet).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(options.index).toEqualTypeOf<boolean>();
    expectTypeOf(options.by).toEqualTypeOf<'run' | 'dir' | undefined>();
    expectTypeOf(options.depth).toEqualTypeOf<number>();
    expectTypeOf(options.crawl).toEqualTypeOf<number | undefined>();
    expectTypeOf(options.in).toEqualTypeOf<string>();
    expectTypeOf(operands).toEqualTypeOf<readonly ['long' | 'short', string, ...string[]]>();
    // @ts-expect-error: there is no such option
    expect(options.other).toBeUndefined();
  });

  it.each([
    ['--help', 'help'],
    ['long --help', 'help'],
    ['--no-such --help', 'help'],
    ['-h', 'help'],
    ['-h long', 'help'],
    ['long --help --all', 'help-all'],
    ['long -- --help', { operands: ['long', '--help'] }],
  ])('%s', (line, expected) => {
    const parsed = parseCommandLine(line.split(' '), ANYWHERE, { KEEPSET_IN: 'x' });
    if (typeof expected === 'string') expect(parsed).toBe(expected);
    else expect(parsed).toMatchObject(expected);
  });

  it('of a command that runs another ends its options at the first operand', () => {
    expect(parseCommandLine(['-q', 'i'], LEADING, {})).toMatchObject({ operands: ['i'] });
    expect(() => parseCommandLine(['i', '-q'], LEADING, {})).toThrow("unexpected argument '-q'");
  });
});

it.each([
  ['long a --in x --other', 'there is no option --other', "'keepset look --help' lists them."],
  ['long a --in x --no-other', 'there is no option --no-other', "'keepset look --help' lists them."],
  ['long a --in x --no-file', 'there is no option --no-file', "'keepset look --help' lists them."],
  [
    'long a --in x --dept 1',
    'there is no option --dept: did you mean --depth?',
    "'keepset look --help' lists them.",
  ],
  ['long a --in x --constructor', 'there is no option --constructor', "'keepset look --help' lists them."],
  ['long a --in x -z', 'there is no option -z', "'keepset look --help' lists them."],
  ['long a --in x -f', '--file: the value is missing', undefined],
  ['long a --in x --by day', '--by "day": not valid', 'Use run or dir.'],
  ['long a --in x --depth 0', '--depth 0: not a whole number from 1 to 9', undefined],
  ['long a --in x --depth 1.5', '--depth 1.5: not a whole number from 1 to 9', undefined],
  ['long a', 'no folder given', 'Give it with --in DIR.'],
  ['long --in x', 'no file given', "'keepset look FORM FILE...'; 'keepset look --help' says more."],
  ['wide a --in x', "there is no form 'wide'", 'Use long or short.'],
])('%s: %s', (line, message, hint) => {
  expect(() => parseCommandLine(line.split(' '), ANYWHERE, {})).toThrow(
    expect.objectContaining({ name: 'UsageError', message, hint }),
  );
});

describe('a manifest', () => {
  const read = defineCommand({
    ...ANYWHERE,
    name: 'read',
    operands: [
      { name: 'FORM', noun: 'form' },
      { name: 'MANIFEST', noun: 'manifest' },
      { name: 'PATH', noun: 'path', optional: true },
    ],
    groups: [OPTIONS],
  });

  it.each([
    ['a m.json /x', ['a', 'm.json', '/x']],
    ['a /x --manifest m.json', ['a', 'm.json', '/x']],
    ['--manifest=m.json a', ['a', 'm.json']],
  ])('is an operand, also where the option that writes one names it: %s', (line, operands) => {
    const parsed = parseCommandLine(line.split(' '), read, { KEEPSET_MANIFEST: 'other.json' });
    expect(parsed).toMatchObject({ operands });
    expect(parsed).not.toHaveProperty('options.manifest');
  });

  it('is not read twice', () => {
    expect(() => parseCommandLine('a m.json /x --manifest m.json'.split(' '), read, {})).toThrow(
      "unexpected argument '/x'",
    );
  });
});

it('a variable sets an option, and the command line wins', () => {
  const environment = { KEEPSET_DEPTH: '3', KEEPSET_INDEX: 'no', KEEPSET_FROM: 'a\nb', KEEPSET_BY: '' };
  const parsed = parseCommandLine(['--depth', '4', '--from', 'c', 'i'], LEADING, environment);
  expect(parsed).toMatchObject({ options: { depth: 4, index: false, from: ['a', 'b', 'c'], by: undefined } });
});
