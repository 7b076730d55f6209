import { readLogs } from '../logs/read-logs.js';
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
  const load = COMMANDS[name];
  try {
    const options = parseOptions(load === undefined ? args : rest);
    if (options.help || (load === undefined && options.logs.length === 0)) {
      if (options.help) await io.write(await usage());
      else io.writeError(await usage());
      return options.help ? 0 : USAGE;
    }
    if (options.logs.length === 0) throw new UsageError(`${name} needs a log; - is standard input`);
    const { stripPrefix, unwrap } = options;
    const command = await (load ?? COMMANDS.summary)?.();
    const events = (logs = options.logs) => readLogs(logs, { stripPrefix, unwrap, stdin: io.stdin });
    return (await command?.run(events, options, io)) ?? 0;
  } catch (error) {
    return await report(error, io);
  }
}

async function report(error: unknown, io: CommandIo): Promise<number> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS_')) {
    io.writeError(`strace-parser: ${message}\n${await usage()}`);
    return USAGE;
  }
  // A file that cannot be read is no fault of ours, either.
  if (!(error instanceof StraceToolsError) && !/^(?:E[A-Z]+|Z_\w+|ERR_ZSTD\w*)$/.test(code ?? ''))
    throw error;
  const { hint } = error as StraceToolsError;
  io.writeError(`strace-parser: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`);
  return FAILED;
}

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
