import { expect, it } from 'vitest';
import { defineCommand } from './command-definition.js';
import { commandsText, helpText } from './help-text.js';
import { optionGroup } from './option.js';

const COMMAND = defineCommand({
  name: 'look',
  summary: 'look at it',
  usage: ['look [OPTIONS] FILE', 'look --all'],
  description: 'Look at it, and then print what is there to be seen.',
  notes: 'FILE must exist.',
  placing: 'anywhere',
  operands: [],
  groups: [
    optionGroup('Options', {
      name: { type: 'text', alias: 'n', value: 'NAME', repeatable: true, description: 'Its name, or `-`' },
      depth: { type: 'number', value: 'N', min: 1, default: 2, description: 'How many folders deep' },
      crawl: { type: 'number', value: 'N', min: 0, bare: 3, description: 'So far' },
      'one-very-long-name': { type: 'choice', choices: ['a', 'b', 'c'], description: 'One of three' },
    }),
    optionGroup('More', { all: { type: 'flag', default: true, description: 'Do not look at all of it' } }),
  ],
});

it('the help of a command fits into the columns', () => {
  expect(helpText(COMMAND, 50)).toBe(`Usage: keepset look [OPTIONS] FILE
       keepset look --all

Look at it, and then print what is there to be
seen.

Options:
  -n, --name NAME               Its name, or -
                                (repeatable)
      --depth N                 How many folders
                                deep (default: 2)
      --crawl [N]               So far
      --one-very-long-name a|b|c
                                One of three

More:
      --no-all  Do not look at all of it

FILE must exist.
`);
});

it('the help of keepset lists the commands', () => {
  expect(commandsText([COMMAND], 'It looks.')).toContain(
    '\n\nIt looks.\n\nCommands:\n  look  look at it\n\n',
  );
});
