import { type CommandDefinition, shownGroups, TOPICS } from '../options/command-definition.js';
import { describeOption } from '../options/describe-option.js';
import type { OptionGroup } from '../options/option.js';
import { writtenOption } from '../options/written-option.js';
import { EXIT_STATUSES } from './exit-statuses.js';
import { sharedGroups } from './shared-groups.js';

/**
 * The manual page of keepset and all its commands, for man(1).
 *
 * @param about  what keepset does, in a sentence
 * @see groff_man(7)
 */
export function manPage(commands: readonly CommandDefinition[], about: string): string {
  const shared = sharedGroups(commands);
  return [
    '.TH KEEPSET 1 "" "keepset" "User Commands"',
    '.SH NAME',
    `keepset \\- ${roff(about.replace(/^M/, 'm').replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    '.B keepset',
    roff('COMMAND [OPTIONS] …'),
    '.SH DESCRIPTION',
    roff(about),
    ...TOPICS.flatMap((topic) => [
      '.PP',
      roff(`${topic}:`),
      ...commands
        .filter((command) => command.topic === topic)
        .flatMap(({ name, summary }) => ['.TP', `.B ${roff(name)}`, roff(summary)]),
    ]),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandSection(command, shared)),
    '.SH OPTIONS OF SEVERAL COMMANDS',
    ...shared.flatMap((group) => [`.SS ${roff(group.title)}`, ...optionList(group)]),
    '.SH EXIT STATUS',
    ...EXIT_STATUSES.flatMap(([status, means]) => ['.TP', `.B ${roff(status)}`, plain(means)]),
    '.SH ENVIRONMENT',
    plain(
      'Each option can be set by a variable: `--read-only` by `KEEPSET_READ_ONLY=true`, a list by one value a line. `DOCKER_FLAGS` holds further options of the run. The engine is found as docker finds it: `DOCKER_HOST`, `DOCKER_CONTEXT`, the default socket. `KEEPSET_DEBUG=1` shows where an error comes from.',
    ),
    '.SH SEE ALSO',
    '.BR docker\\-run (1),',
    '.BR strace (1)',
    '',
  ].join('\n');
}

function commandSection(command: CommandDefinition, shared: readonly OptionGroup[]): readonly string[] {
  const { name, usage, description, examples, notes } = command;
  const groups = shownGroups(command);
  const titles = groups.filter((group) => shared.includes(group)).map(({ title }) => title);
  return [
    `.SS keepset ${roff(name)}`,
    ...verbatim(usage.map((form) => `keepset ${form}`)),
    '.PP',
    plain(description),
    ...groups.filter((group) => !shared.includes(group)).flatMap(optionList),
    ...(titles.length === 0 ? [] : ['.PP', plain(`Further options, below: ${titles.join('; ')}.`)]),
    ...(notes === undefined ? [] : ['.PP', plain(notes)]),
    '.PP',
    'Examples:',
    '.PP',
    ...verbatim(examples.flatMap(({ does, line }) => [`# ${does}`, `keepset ${line}`])),
  ];
}

function optionList({ options }: OptionGroup): readonly string[] {
  return Object.entries(options).flatMap(([name, option]) => [
    '.TP',
    `.B ${roff(writtenOption(name, option, 'full'))}`,
    plain(describeOption(option)),
  ]);
}

function verbatim(lines: readonly string[]): readonly string[] {
  return ['.EX', ...lines.map(roff), '.EE'];
}

/** A paragraph of Markdown, as one line. */
function plain(text: string): string {
  return roff(text.replace(/\s+/g, ' ').replaceAll('`', ''));
}

/** Text that holds no request: a dash is one that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replace(/^\./, '\\&.');
}
