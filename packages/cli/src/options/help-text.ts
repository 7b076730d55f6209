import type { CommandDefinition } from './command-definition.js';
import { describeOption } from './describe-option.js';
import type { OptionGroup } from './option.js';
import { writtenOption } from './written-option.js';

const COLUMNS_MAX = 110;
/** What is longer has a line of its own. */
const NAMES_MAX = 28;
const INDENT = '  ';

/** The help of one command: usage, what it does, its options by group. */
export function helpText({ usage, description, groups, notes }: CommandDefinition, columns: number): string {
  const width = Math.min(columns, COLUMNS_MAX);
  const forms = usage.map((form, index) => `${index === 0 ? 'Usage: ' : '       '}keepset ${form}\n`);
  const paragraphs = [
    forms.join(''),
    wrapText(description, width),
    ...groups.map((group) => groupText(group, width)),
  ];
  if (notes !== undefined) paragraphs.push(wrapText(notes, width));
  return paragraphs.join('\n');
}

/**
 * The help of keepset itself: its commands.
 *
 * @param about  what keepset does
 */
export function commandsText(commands: readonly CommandDefinition[], about: string): string {
  const names = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `${INDENT}${name.padEnd(names)}  ${summary}\n`);
  return `Usage: keepset COMMAND

${about}

Commands:
${lines.join('')}
'keepset COMMAND --help' says more. 'keepset --version' prints the version.
`;
}

function groupText({ title, options }: OptionGroup, width: number): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const indent = option.alias === undefined ? '    ' : '';
    return [
      `${indent}${writtenOption(name, option, 'full')}`,
      describeOption(option).replaceAll('`', ''),
    ] as const;
  });
  const names = Math.min(NAMES_MAX, Math.max(...rows.map(([written]) => written.length)));
  const margin = ' '.repeat(INDENT.length + names + 2);
  const lines = rows.flatMap(([written, description]) => {
    const [first = '', ...rest] = wrapLines(description, width - margin.length);
    const others = rest.map((line) => `${margin}${line}\n`);
    return written.length > names
      ? [`${INDENT}${written}\n`, `${margin}${first}\n`, ...others]
      : [`${INDENT}${written.padEnd(names)}  ${first}\n`, ...others];
  });
  return `${title}:\n${lines.join('')}`;
}

function wrapText(text: string, width: number): string {
  return `${wrapLines(text, width).join('\n')}\n`;
}

/** A word that is longer than a line has one of its own. */
function wrapLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
