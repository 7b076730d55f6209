import { describe, expect, it } from 'vitest';
import { defineCommand } from './command-definition.js';
import { helpText } from './help-text.js';
import { optionGroup } from './option.js';

const COMMAND = defineCommand({
  name: 'look',
  summary: 'look at it',
  usage: ['look [OPTIONS] FILE', 'look --all'],
  topic: 'Make an image',
  description: 'Look at it, and then print what is there to be seen.',
  examples: [
    { does: 'Look at all of it, as one does', line: 'look --all' },
    { does: 'Look at a file', line: 'look file' },
  ],
  notes: 'FILE must exist.',
  placing: 'anywhere',
  operands: [],
  groups: [
    optionGroup('Options', {
      name: { type: 'text', alias: 'n', value: 'NAME', repeatable: true, description: 'Its name, or `-`' },
      depth: {
        type: 'number',
        value: 'N',
        min: 1,
        default: 2,
        description: 'How deep (in folders); more is slow',
      },
      crawl: { type: 'number', value: 'N', min: 0, bare: 3, description: 'So far' },
      'one-very-long-name': { type: 'choice', choices: ['a', 'b', 'c'], description: 'One of three' },
    }),
    optionGroup('More', { all: { type: 'flag', default: true, description: 'Do not look at all of it' } }),
    { ...optionGroup('Of others', { glance: { type: 'flag', description: 'Understood' } }), isHidden: true },
  ],
});

const BEGINNING = `Usage: keepset look [OPTIONS] FILE
       keepset look --all

Look at it, and then print what is there to be
seen.

Examples:
  # Look at all of it, as one does
  keepset look --all
  # Look at a file
  keepset look file
`;

it('the help of a command fits into the columns', () => {
  expect(helpText(COMMAND, { columns: 50, all: false })).toBe(`${BEGINNING}
Options:
  -n, --name NAME   Its name, or - (repeatable)
      --depth N     How deep (in folders); more is
                    slow (default: 2)
      --crawl [N]   So far
      --one-very-long-name a|b|c
                    One of three

More:
      --no-all  Do not look at all of it

FILE must exist.
`);
});

describe('of a command with usual options', () => {
  const command = { ...COMMAND, usual: ['depth', 'all'] };

  it('shows them alone, and how to see the rest', () => {
    expect(helpText(command, { columns: 50, all: false })).toBe(`${BEGINNING}
Usual options:
      --depth N  How deep
      --no-all   Do not look at all of it

'keepset look --help --all' shows these and 3
more: Options; More.
`);
  });

  it('shows all where that is asked for', () => {
    expect(helpText(command, { columns: 50, all: true })).toBe(
      helpText(COMMAND, { columns: 50, all: false }),
    );
  });
});
