import { describe, expect, it } from 'vitest';
import { COMMANDS } from './registry.js';

const definitions = COMMANDS.map(({ definition }) => definition);

it('each command has a name of its own', () => {
  const names = definitions.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

describe.each(definitions)('$name', ({ name, summary, usage, description, notes, operands, groups }) => {
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
});
