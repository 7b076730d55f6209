import type { Option } from './option.js';
import { isList } from './read-value.js';

/**
 * What an option does, with its default, as help and documents say it.
 *
 * @example describeOption(JOBS) // 'How many runs are traced at a time (default: `1`)'
 */
export function describeOption(option: Option): string {
  const standard = option.defaultText ?? defaultText(option);
  const remarks = [
    ...(isList(option) ? ['repeatable'] : []),
    ...(standard === undefined ? [] : [`default: ${standard}`]),
  ];
  return remarks.length === 0 ? option.description : `${option.description} (${remarks.join('; ')})`;
}

/**
 * The first thing that its description says, for a list that fits on a screen.
 *
 * @example describeBriefly(MANIFEST) // 'Write the manifest to this file'
 */
export function describeBriefly({ description }: Pick<Option, 'description'>): string {
  return description.replace(/ \(.*|[:;] .*/s, '');
}

/** Flags say it by their form. */
function defaultText(option: Option): string | undefined {
  return option.type === 'flag' || option.default === undefined ? undefined : `\`${option.default}\``;
}
