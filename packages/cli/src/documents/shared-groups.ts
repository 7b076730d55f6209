import { type CommandDefinition, shownGroups } from '../options/command-definition.js';
import type { OptionGroup } from '../options/option.js';

/** Groups of options that several commands have: documents show them once, behind the commands. */
export function sharedGroups(commands: readonly CommandDefinition[]): readonly OptionGroup[] {
  const groups = commands.flatMap(shownGroups);
  return [...new Set(groups)].filter((group) => groups.indexOf(group) < groups.lastIndexOf(group));
}
