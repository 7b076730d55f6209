import { type CommandDefinition, optionsOf, shownGroups } from './command-definition.js';
import { describeBriefly, describeOption } from './describe-option.js';
import type { Option } from './option.js';
import { wrapParagraph, wrapText } from './wrap-text.js';
import { writtenOption } from './written-option.js';

const COLUMNS_MAX = 110;
/** In less, nothing is readable. */
const COLUMNS_MIN = 40;
/** What is longer has a line of its own. */
const NAMES_MAX = 28;
const INDENT = '  ';

/** The columns that a text for people has, on a terminal of any width. */
export function readableColumns(columns: number): number {
  return Math.min(Math.max(columns, COLUMNS_MIN), COLUMNS_MAX);
}

export interface HelpOptions {
  /** Of the terminal. */
  readonly columns: number;
  /** Show all options, where the definition names the usual ones. */
  readonly all: boolean;
}

/** The help of one command: usage, what it does, examples, its options. */
export function helpText(command: CommandDefinition, { columns, all }: HelpOptions): string {
  const width = readableColumns(columns);
  const usual = all ? undefined : command.usual;
  const paragraphs = [
    usageText(command, width),
    wrapParagraph(command.description, width),
    examplesText(command, width),
    ...(usual === undefined ? allOptions(command, width) : usualOptions(command, usual, width)),
  ];
  return paragraphs.join('\n');
}

/** A long form goes on under its first word. */
function usageText({ name, usage }: CommandDefinition, width: number): string {
  const margin = ' '.repeat('Usage: '.length);
  const hanging = `${margin}  ${' '.repeat(`keepset ${name}`.length)}`;
  const lines = usage.flatMap((form) =>
    wrapText(`keepset ${form}`, width - hanging.length).map((line, index) =>
      index === 0 ? `${margin}${line}` : `${hanging}${line}`,
    ),
  );
  return `Usage: ${lines.join('\n').trimStart()}\n`;
}

/** Their lines are not wrapped: they are there to be copied. */
function examplesText({ examples }: CommandDefinition, width: number): string {
  const lines = examples.flatMap(({ does, line }) => [
    ...wrapText(does, width - 2 - INDENT.length).map((text) => `${INDENT}# ${text}\n`),
    `${INDENT}keepset ${line}\n`,
  ]);
  return `Examples:\n${lines.join('')}`;
}

function allOptions(command: CommandDefinition, width: number): readonly string[] {
  const { notes } = command;
  return [
    ...shownGroups(command).map(({ title, options }) =>
      optionsText(title, Object.entries(options), { width, describe: describeOption }),
    ),
    ...(notes === undefined ? [] : [wrapParagraph(notes, width)]),
  ];
}

function usualOptions(
  command: CommandDefinition,
  usual: readonly string[],
  width: number,
): readonly string[] {
  const { name } = command;
  const groups = shownGroups(command);
  const options = optionsOf({ groups });
  const chosen = usual.flatMap((each) =>
    options[each] === undefined ? [] : [[each, options[each]] as const],
  );
  const others = Object.keys(options).length - chosen.length;
  const titles = groups.map(({ title }) => title);
  return [
    optionsText('Usual options', chosen, { width, describe: describeBriefly }),
    wrapParagraph(
      `'keepset ${name} --help --all' shows these and ${others} more: ${titles.join('; ')}.`,
      width,
    ),
  ];
}

interface OptionsTextOptions {
  readonly width: number;
  readonly describe: (option: Option) => string;
}

function optionsText(
  title: string,
  options: readonly (readonly [name: string, Option])[],
  { width, describe }: OptionsTextOptions,
): string {
  const rows = options.map(([name, option]) => {
    const indent = option.alias === undefined ? '    ' : '';
    return [`${indent}${writtenOption(name, option, 'full')}`, describe(option).replaceAll('`', '')] as const;
  });
  const names = Math.min(
    NAMES_MAX,
    Math.floor(width / 3),
    Math.max(...rows.map(([written]) => written.length)),
  );
  const margin = ' '.repeat(INDENT.length + names + 2);
  const lines = rows.flatMap(([written, description]) => {
    const [first = '', ...rest] = wrapText(description, width - margin.length);
    const others = rest.map((line) => `${margin}${line}\n`);
    return written.length > names
      ? [`${INDENT}${written}\n`, `${margin}${first}\n`, ...others]
      : [`${INDENT}${written.padEnd(names)}  ${first}\n`, ...others];
  });
  return `${title}:\n${lines.join('')}`;
}
