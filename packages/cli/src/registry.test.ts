import { parse } from 'shell-quote';
import { describe, expect, it } from 'vitest';
import { helpText } from './options/help-text.js';
import { parseCommandLine } from './options/parse-command-line.js';
import { COMMANDS } from './registry.js';

const definitions = COMMANDS.map(({ definition }) => definition);

it('each command has a name of its own', () => {
  const names = definitions.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

/** Of a terminal of 80 columns, below its prompt. */
const SCREEN_LINES = 40;

describe.each(definitions)('$name', (definition) => {
  const { name, summary, usage, description, notes, examples, operands, groups, usual = [] } = definition;
  const options = groups.flatMap((group) => Object.entries(group.options));

  it('has options with names and letters of their own', () => {
    const words = options.flatMap(([option, { alias }]) => [option, ...(alias === undefined ? [] : [alias])]);
    expect(words).toEqual([...new Set(words)]);
    expect(words.filter((word) => !/^([a-z]|[a-z]+(-[a-z]+)*)$/.test(word))).toEqual([]);
  });

  it('says in its usage what it needs', () => {
    for (const form of usage) expect(form).toMatch(new RegExp(`^${name}\\b`));
    const shown = usage.join('\n');
    const required = options.filter(([, option]) => option.type === 'text' && option.required !== undefined);
    for (const [option, { alias }] of required)
      expect(shown.includes(`--${option} `) || shown.includes(`-${alias} `), option).toBe(true);
    for (const { name: operand, choices = [operand] } of operands)
      for (const word of choices) expect(shown).toContain(word);
  });

  it('describes itself and its options in sentences that fit their place', () => {
    expect(summary).toMatch(/^[a-z].*[^.]$/s);
    expect(description).toMatch(/^[A-Z].*\.$/s);
    if (notes !== undefined) expect(notes).toMatch(/\.$/);
    for (const [option, { description: text }] of options) expect(text, option).toMatch(/^[A-Z].*[^.]$/s);
  });

  it('has examples that it understands', () => {
    for (const { does, line } of examples) {
      expect(does).toMatch(/^[A-Z].*[^.]$/);
      const [first, ...words] = parse(line.replace(/ > \S+$/, ''));
      expect(first).toBe(name);
      const read = parseCommandLine(words.map(String), definition, {});
      expect(read).toHaveProperty('operands');
    }
  });

  it('has a help that fits a screen', () => {
    expect(usual.filter((option) => !options.some(([each]) => each === option))).toEqual([]);
    const lines = helpText(definition, { columns: 80, all: false }).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(SCREEN_LINES);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([60, 100])('has a help that fits %i columns', (columns) => {
    const copied = examples.map(({ line }) => `  keepset ${line}`);
    const lines = helpText(definition, { columns, all: true }).trimEnd().split('\n');
    const long = lines.filter((line) => line.length > columns && !copied.includes(line));
    // A word that is longer than its place has a line of its own.
    expect(long.filter((line) => line.trim().includes(' ') && !/^ +(-\w, )?--/.test(line))).toEqual([]);
  });
});
