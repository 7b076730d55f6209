import { printPath } from '@keepset/strace-parser';
import { type LogEvents, readLogs } from '../logs/read-logs.js';
import { StraceToolsError } from '../strace-tools-error.js';
import type { Command } from './command.js';
import type { CommandIo } from './command-io.js';
import { OPTIONS_HELP, parseOptions } from './command-options.js';
import { UsageError } from './usage-error.js';

/** Each is loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  files: async () => (await import('./files-command.js')).filesCommand,
  tree: async () => (await import('./tree-command.js')).treeCommand,
  times: async () => (await import('./times-command.js')).timesCommand,
  net: async () => (await import('./net-command.js')).netCommand,
  env: async () => (await import('./env-command.js')).envCommand,
  errors: async () => (await import('./errors-command.js')).errorsCommand,
  diff: async () => (await import('./diff-command.js')).diffCommand,
  timeline: async () => (await import('./timeline-command.js')).timelineCommand,
  convert: async () => (await import('./convert-command.js')).convertCommand,
  events: async () => (await import('./events-command.js')).eventsCommand,
  accesses: async () => (await import('./accesses-command.js')).accessesCommand,
  check: async () => (await import('./check-command.js')).checkCommand,
  summary: async () => (await import('./summary-command.js')).summaryCommand,
};

const FAILED = 1;
const USAGE = 2;

/** @returns  the exit status: 0; 1 if it could not be done, or check has found something; 2 if the arguments are wrong */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  // As options they came first.
  const [first = '', ...rest] = args;
  const name = first.replace(/^--(?=events$|accesses$|check$|summary$)/, '');
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    const options = parseOptions(load === undefined ? args : rest);
    if (options.help || (load === undefined && options.logs.length === 0)) {
      if (options.help) await io.write(await usage());
      else io.writeError(await usage());
      return options.help ? 0 : USAGE;
    }
    if (options.logs.length === 0) throw new UsageError(`${name} needs a log; - is standard input`);
    if (options.format !== undefined && name !== 'convert')
      throw new UsageError(`--to: '${options.format}' is no number`);
    const { stripPrefix, unwrap } = options;
    const command = await (load ?? COMMANDS.summary)?.();
    const read: LogEvents[] = [];
    const events = (logs = options.logs) => {
      const log = readLogs(logs, { stripPrefix, unwrap, stdin: io.stdin });
      read.push(log);
      return log;
    };
    const status = (await command?.run(events, options, io)) ?? 0;
    return Math.max(status, ...read.map((log) => reportUnparsed(log, io)));
  } catch (error) {
    return report(error, load === undefined ? first : undefined, io);
  }
}

/** What a question has passed over is said once. */
function reportUnparsed(
  { name, eventCount, unparsedCount, firstUnparsed }: LogEvents,
  io: CommandIo,
): number {
  if (firstUnparsed === undefined) return 0;
  const { line, text } = firstUnparsed;
  const place = `line ${line}: ${printPath(text.slice(0, 60))}`;
  if (eventCount === 0) {
    io.writeError(`strace-parser: ${name}: none of its lines is strace's; ${place}\n`);
    return FAILED;
  }
  io.writeError(`strace-parser: ${name}: ${unparsedCount} lines are not strace's, the first is ${place}\n`);
  return 0;
}

/** @param word  which may have been meant as a command */
function report(error: unknown, word: string | undefined, io: CommandIo): number {
  const { code, message } = error as NodeJS.ErrnoException;
  const tell = (text: string, hint: string | undefined) =>
    io.writeError(`strace-parser: ${text}\n${hint === undefined ? '' : `  ${hint}\n`}`);
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS_')) {
    // Node has more to say, about arguments that begin with a dash.
    tell(/^.*?(?=\. |\.?\n|$)/.exec(message)?.[0] ?? '', HELP_HINT);
    return USAGE;
  }
  if (error instanceof StraceToolsError) {
    const isNoFile = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    tell(message, isNoFile && word !== undefined && /^\w+$/.test(word) ? NO_COMMAND_HINT : error.hint);
  }
  // A file that cannot be written is no fault of ours, either.
  else if (/^(?:E[A-Z]+|ERR_SQLITE_ERROR)$/.test(code ?? '')) tell(message, undefined);
  else throw error;
  return FAILED;
}

const HELP_HINT = 'strace-parser --help has all commands and options.';
const NO_COMMAND_HINT = `It is no command, either; these are: ${Object.keys(COMMANDS).join(', ')}.`;

async function usage(): Promise<string> {
  const rows = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => `  ${name.padEnd(10)} ${(await load()).summary}\n`),
  );
  return `Usage: strace-parser [COMMAND] [OPTIONS] LOG...

Reads what strace wrote: LOG, packed too (.gz, .xz, .zst); "-" is standard input. Several logs are one set, as
strace -ff -o NAME writes them: NAME.PID, the first process first.

${rows.join('')}
${OPTIONS_HELP}`;
}
