import { describe, expect, it } from 'vitest';
import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { fillTables } from './fill-tables.js';

const command = defineCommand({
  name: 'make',
  summary: 'make it',
  usage: ['make'],
  topic: 'Make an image',
  description: 'Make it.',
  examples: [
    { does: 'Make it', line: 'make' },
    { does: 'Make it by a', line: 'make --by a' },
  ],
  placing: 'anywhere',
  operands: [],
  groups: [
    optionGroup('Options', {
      by: { type: 'choice', choices: ['a', 'b'], default: 'a', description: 'By `a` or `b`' },
      check: { type: 'flag', default: true, description: 'Do not check' },
      name: { type: 'text', alias: 'n', value: 'NAME', repeatable: true, description: 'Its name' },
    }),
  ],
});
const fill = (text: string) => fillTables(text, [command], 'cli.md');

describe('tables of a document', () => {
  it.each([
    [
      'options of make: name check by',
      `| option            | does                         |
| ----------------- | ---------------------------- |
| \`-n, --name NAME\` | Its name (repeatable)        |
| \`--no-check\`      | Do not check                 |
| \`--by a\\|b\`       | By \`a\` or \`b\` (default: \`a\`) |
`,
    ],
    [
      'commands make',
      `| command                               | does    |
| ------------------------------------- | ------- |
| [\`keepset make\`](cli.md#keepset-make) | make it |
`,
    ],
  ])('%s', (subject, table) => {
    const [begin, end] = [`Before.\n<!-- table: ${subject} -->\n`, '<!-- end of table -->\nAfter.\n'];
    const filled = fill(`${begin}\nan old table\n\n${end}`);
    expect(filled).toBe(`${begin}\n${table}\n${end}`);
    expect(fill(filled)).toBe(filled);
  });

  it.each([
    ['options of make: other', /has no option 'other'/],
    ['options of take: name', /no command 'take'/],
    ['commands take', /no command 'take'/],
    ['words', /'words' is no table/],
  ])('%s: there is none', (subject, message) => {
    expect(() => fill(`<!-- table: ${subject} -->\n<!-- end of table -->\n`)).toThrow(message);
  });
});
