import { defineCommand } from './command-definition.js';
import type { OptionDefinitions, OptionGroup, OptionValues } from './option.js';
import { parseCommandLine } from './parse-command-line.js';

/**
 * The values of a group as a command line gives them.
 *
 * @param given  lists are options that are repeated, false is `--no-…`
 * @throws UsageError
 */
export function valuesOf<Definitions extends OptionDefinitions>(
  group: OptionGroup<Definitions>,
  given: Readonly<Record<string, boolean | string | readonly string[]>>,
): OptionValues<Definitions> {
  const args = Object.entries(given).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
    return [value].flat().map((one) => `--${name}=${one}`);
  });
  const command = defineCommand({
    name: 'try',
    summary: '',
    usage: ['try'],
    topic: 'This machine',
    description: '',
    examples: [
      { does: '', line: '' },
      { does: '', line: '' },
    ],
    placing: 'leading',
    operands: [],
    groups: [group],
  });
  const line = parseCommandLine(args, command, {});
  if (typeof line === 'string') throw new Error('help was asked for');
  return line.options as OptionValues<Definitions>;
}
