import { describeOption } from '../options/describe-option.js';
import type { OptionDefinitions } from '../options/option.js';
import { writtenOption } from '../options/written-option.js';

/** A row for each option: how it is written, and what it does; cells of Markdown. */
export function optionRows(options: OptionDefinitions): readonly (readonly [string, string])[] {
  return Object.entries(options).map(
    ([name, option]) => [`\`${writtenOption(name, option, 'full')}\``, describeOption(option)] as const,
  );
}
