import { createReadStream } from 'node:fs';
import type { FileAccess } from './accesses/file-access.js';
import { fileAccesses } from './accesses/file-accesses.js';
import { readAccesses } from './accesses/read-accesses.js';
import { isRoundTrip } from './events/check-round-trip.js';
import type { StraceEvent } from './events/events.js';
import { parseStrace } from './events/parse-strace.js';
import { parseStraceSet } from './events/parse-strace-set.js';
import type { TraceInput } from './input.js';
import { printPath } from './text/print-path.js';

/** Where the command reads and writes. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** @returns  when more may be written */
  write(text: string): Promise<void> | undefined;
  writeError(text: string): void;
}

const USAGE = `Usage: strace-parser [--events | --accesses | --check] LOG...

Reads what strace wrote; "-" is standard input. Several logs are one set, as strace -ff -o NAME
writes them: NAME.PID, the first process first.

  --events     every event as a line of JSON
  --accesses   every access to a file as a line of JSON
  --check      one line of JSON: lines, events, unparsed, roundTripFailures; status 1 unless the
               last two are 0, and the first ten of each on standard error
  (none)       a summary

Strings in JSON are byte strings: one character per byte. "shown" is for people.
`;

const NAMED_FAILURES = 10;

/** @returns  the exit status: 0, 1 if --check has found something, 2 if the arguments are wrong */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const logs = args.filter((arg) => !arg.startsWith('--'));
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [flag = '--summary', ...more] = flags;
  if (flag === '--help') {
    await io.write(USAGE);
    return 0;
  }
  const mode = MODES[flag];
  if (mode === undefined || more.length > 0 || logs.length === 0) {
    io.writeError(USAGE);
    return 2;
  }
  return mode(logs, io);
}

/** Numbers beyond 2^53 as strings: JSON has no others. */
function exactNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

type Mode = (logs: readonly string[], io: CommandIo) => Promise<number>;

const MODES: Readonly<Record<string, Mode>> = {
  '--events': async (logs, io) => {
    for await (const event of eventsOf(logs, io)) await io.write(`${JSON.stringify(event, exactNumbers)}\n`);
    return 0;
  },
  '--accesses': async (logs, io) => {
    for await (const access of accessesOf(logs, io)) {
      await io.write(`${JSON.stringify({ ...access, shown: printPath(access.path) })}\n`);
    }
    return 0;
  },
  '--check': check,
  '--summary': summarize,
};

async function check(logs: readonly string[], io: CommandIo): Promise<number> {
  let lines = 0;
  let events = 0;
  let unparsed = 0;
  let roundTripFailures = 0;
  const lastLine = new Map<string, number>();
  for (const log of logs) {
    for await (const event of eventsOf([log], io)) {
      const last = event.kind === 'syscall' ? (event.parts.at(-1)?.line ?? event.line) : event.line;
      lastLine.set(log, Math.max(lastLine.get(log) ?? 0, last));
      if (event.kind === 'unparsed') {
        if (unparsed++ < NAMED_FAILURES)
          io.writeError(`${log}:${event.line}: ${event.reason}: ${event.text.slice(0, 200)}\n`);
        continue;
      }
      events++;
      if (isRoundTrip(event)) continue;
      if (roundTripFailures++ < NAMED_FAILURES) {
        io.writeError(`${log}:${event.line}: does not print back: ${event.text.slice(0, 200)}\n`);
      }
    }
  }
  for (const count of lastLine.values()) lines += count;
  await io.write(`${JSON.stringify({ lines, events, unparsed, roundTripFailures })}\n`);
  return unparsed + roundTripFailures === 0 ? 0 : 1;
}

async function summarize(logs: readonly string[], io: CommandIo): Promise<number> {
  const kinds = new Map<string, number>();
  const calls = new Map<string, number>();
  const failures = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const paths = new Set<string>();
  const events = (async function* () {
    for await (const event of eventsOf(logs, io)) {
      add(kinds, event.kind);
      if (event.kind === 'syscall') add(calls, event.name);
      yield event;
    }
  })();
  let accesses = 0;
  for await (const access of fileAccesses(events)) {
    accesses++;
    if (access.errno === undefined) paths.add(access.path);
    else add(failures, access.errno);
  }
  const table = (title: string, counts: Map<string, number>) =>
    `${title}\n${[...counts]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 15)
      .map(([key, count]) => `${String(count).padStart(10)}  ${key}\n`)
      .join('')}`;
  await io.write(table('events', kinds));
  await io.write(table('\nsystem calls', calls));
  await io.write(`\n${accesses} accesses to files, ${paths.size} different paths found\n`);
  if (failures.size > 0) await io.write(table('\naccesses that failed', failures));
  return 0;
}

function eventsOf(logs: readonly string[], io: CommandIo): AsyncIterable<StraceEvent> {
  const [first = '-'] = logs;
  if (logs.length === 1) return parseStrace(open(first, io), pidOption(first));
  return parseStraceSet(logs.map((log, i) => ({ pid: pidOf(log) ?? -1 - i, input: open(log, io) })));
}

function accessesOf(logs: readonly string[], io: CommandIo): AsyncIterable<FileAccess> {
  const [first = '-'] = logs;
  if (logs.length === 1) return readAccesses(open(first, io), pidOption(first));
  return fileAccesses(eventsOf(logs, io));
}

function pidOption(log: string): { pid?: number } {
  const pid = pidOf(log);
  return pid === undefined ? {} : { pid };
}

/** NAME.PID, as -ff names its files. */
function pidOf(log: string): number | undefined {
  const pid = /\.(\d+)$/.exec(log)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

function open(log: string, io: CommandIo): TraceInput {
  return log === '-' ? io.stdin : createReadStream(log);
}
