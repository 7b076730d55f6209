import { type CommandDefinition, TOPICS } from './command-definition.js';
import { readableColumns } from './help-text.js';
import { wrapParagraph, wrapText } from './wrap-text.js';

/** What keepset says of itself before its commands, and how one begins. */
export interface Overview {
  readonly about: string;
  /** Command lines, without 'keepset', with what each does. */
  readonly beginnings: CommandDefinition['examples'];
}

/** The help of keepset itself: how one begins, and its commands by what they are for. */
export function overviewText(
  commands: readonly CommandDefinition[],
  { about, beginnings }: Overview,
  columns: number,
): string {
  const width = readableColumns(columns);
  const names = Math.max(...commands.map(({ name }) => name.length));
  const margin = ' '.repeat(names + 4);
  const chapters = TOPICS.map((topic) => {
    const lines = commands
      .filter((command) => command.topic === topic)
      .flatMap(({ name, summary }) => {
        const [first = '', ...rest] = wrapText(summary, width - margin.length);
        return [`  ${name.padEnd(names)}  ${first}\n`, ...rest.map((line) => `${margin}${line}\n`)];
      });
    return `${topic}:\n${lines.join('')}`;
  });
  const begin = beginnings.map(({ does, line }) => `  # ${does}\n  keepset ${line}\n`).join('');
  return [
    'Usage: keepset COMMAND [OPTIONS] …\n',
    wrapParagraph(about, width),
    `Begin with:\n${begin}`,
    ...chapters,
    wrapParagraph(
      "'keepset help COMMAND' says more of a command; 'keepset --version', which version this is.",
      width,
    ),
  ].join('\n');
}
