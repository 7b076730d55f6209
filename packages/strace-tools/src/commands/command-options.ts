import { parseArgs } from 'node:util';
import type { Wrapping } from '../logs/unwrap-log.js';
import type { EventFilter } from '../questions/event-filter.js';
import { UsageError } from './usage-error.js';

/** What stands on the command line. */
export interface CommandOptions {
  readonly logs: readonly string[];
  readonly filter: EventFilter | undefined;
  readonly json: boolean;
  /** How many rows of a table are shown. */
  readonly top: number;
  readonly unwrap: Wrapping | undefined;
  readonly stripPrefix: 'auto' | 'keep';
  /** -o */
  readonly output: string | undefined;
  /** Of convert. */
  readonly format: string | undefined;
  readonly help: boolean;
}

const OPTIONS = {
  pid: { type: 'string', multiple: true },
  program: { type: 'string', multiple: true },
  path: { type: 'string', multiple: true },
  call: { type: 'string', multiple: true },
  errno: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  top: { type: 'string' },
  unwrap: { type: 'string' },
  'keep-prefix': { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const OPTIONS_HELP = `  --pid N, --program GLOB, --path GLOB, --call GLOB, --errno NAME|any
                      only such events count; repeatable
  --from S, --to S    only these seconds: since the epoch with -ttt, else since the log's first line
  --json              lines of JSON in place of a table; every byte string has a readable twin, …Shown
  --top N             rows of a table (default 50)
  --unwrap mail|N     lines were wrapped, by a mailer or a terminal of N columns
  --keep-prefix       what others have put before strace's lines makes them foreign
`;

const DEFAULT_TOP = 50;

/** @throws UsageError; TypeError of an option that nobody knows */
export function parseOptions(args: readonly string[]): CommandOptions {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const times = (values.to ?? []).filter((each) => isNumber(each));
  const filter: EventFilter = {
    pids: values.pid?.map((each) => wholeNumberOf('pid', each)),
    programs: values.program,
    paths: values.path,
    calls: values.call,
    errnos: values.errno,
    from: values.from === undefined ? undefined : numberOf('from', values.from),
    to: times.length === 0 ? undefined : Number(times.at(-1)),
  };
  return {
    logs: positionals,
    filter: Object.values(filter).some((each) => each !== undefined) ? filter : undefined,
    json: values.json === true,
    top: values.top === undefined ? DEFAULT_TOP : wholeNumberOf('top', values.top),
    unwrap: wrappingOf(values.unwrap),
    stripPrefix: values['keep-prefix'] === true ? 'keep' : 'auto',
    output: values.output,
    format: (values.to ?? []).find((each) => !isNumber(each)),
    help: values.help === true,
  };
}

function wrappingOf(text: string | undefined): Wrapping | undefined {
  return text === undefined || text === 'mail' ? text : wholeNumberOf('unwrap', text);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function numberOf(name: string, text: string): number {
  if (!isNumber(text)) throw new UsageError(`--${name}: '${text}' is no number`);
  return Number(text);
}

function wholeNumberOf(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--${name}: '${text}' is no whole number above 0`);
  return Number(text);
}
