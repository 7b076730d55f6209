import { describe, expect, it } from 'vitest';
import { joinValues } from './join-values.js';
import type { OptionDefinitions } from './option.js';
import { writtenOption } from './written-option.js';

const HARDEN = { type: 'text', value: 'DIR', bare: '', description: 'Rights' } as const;
const definitions: OptionDefinitions = { harden: HARDEN, quiet: { type: 'flag', description: 'Say little' } };

describe('a text that need not be given', () => {
  it.each([
    [['--harden', 'image', 'command'], ['--harden='], ['image', 'command']],
    [['--harden=DIR', 'image'], ['--harden=DIR'], ['image']],
    [['--harden', '--quiet', 'image'], ['--harden=', '--quiet'], ['image']],
    [['--harden='], ['--harden='], []],
  ])('%j', (args, options, operands) => {
    expect(joinValues(args, definitions)).toEqual({ options, operands });
  });

  it('is written with its value in its own word', () => {
    expect(writtenOption('harden', HARDEN, 'full')).toBe('--harden[=DIR]');
  });
});
