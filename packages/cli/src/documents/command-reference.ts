import { type CommandDefinition, shownGroups } from '../options/command-definition.js';
import { variableOf } from '../options/environment-arguments.js';
import type { OptionGroup } from '../options/option.js';
import { EXIT_STATUSES } from './exit-statuses.js';
import { markdownTable } from './markdown-table.js';
import { optionRows } from './option-rows.js';
import { sharedGroups } from './shared-groups.js';

/**
 * The whole command line as a document: each command, then the groups of options that several commands share.
 *
 * @param introduction  Markdown before the commands
 */
export function commandReference(commands: readonly CommandDefinition[], introduction: string): string {
  const shared = sharedGroups(commands);
  return [
    introduction,
    ...commands.map((command) => commandSection(command, shared)),
    ...shared.map((group) => `## ${group.title}\n\n${groupTable(group)}`),
    `## Exit status\n\n${markdownTable(['status', 'means'], EXIT_STATUSES)}`,
  ].join('\n');
}

function commandSection(command: CommandDefinition, shared: readonly OptionGroup[]): string {
  const { name, usage, description, examples, notes } = command;
  const groups = shownGroups(command);
  const own = groups.filter((group) => !shared.includes(group));
  const links = groups
    .filter((group) => shared.includes(group))
    .map(({ title }) => `[${title}](#${anchor(title)})`);
  return [
    `## keepset ${name}\n`,
    `\`\`\`\n${usage.map((form) => `keepset ${form}\n`).join('')}\`\`\`\n`,
    `${description.replace(/\s+/g, ' ')}\n`,
    `\`\`\`sh\n${examples.map(({ does, line }) => `# ${does}\nkeepset ${line}\n`).join('')}\`\`\`\n`,
    ...own.map((group) => (own.length === 1 ? groupTable(group) : `${group.title}:\n\n${groupTable(group)}`)),
    ...(links.length === 0
      ? []
      : [`${own.length === 0 ? 'Options' : 'Further options'}: ${links.join('; ')}.\n`]),
    ...(notes === undefined ? [] : [`${notes.replace(/\s+/g, ' ')}\n`]),
  ].join('\n');
}

function groupTable({ options }: OptionGroup): string {
  const variables = Object.entries(options).map(([name, option]) => {
    const isOn = option.type === 'flag' && option.default === true;
    return `\`${variableOf(name)}${isOn ? '=false' : ''}\``;
  });
  return markdownTable(
    ['option', 'does', 'variable'],
    optionRows(options).map((cells, index) => [...cells, variables[index] ?? '']),
  );
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
