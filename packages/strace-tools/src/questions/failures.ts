import type { FileAccess, SyscallEvent } from '@keepset/strace-parser';
import { errnoOf } from './event-filter.js';
import { type EventInput, type QuestionOptions, wantedEvents } from './traced-events.js';

/** What a thread did after a call of its had failed. */
export type Aftermath =
  /** The same name was found in another place. */
  | 'found'
  /** The same call of the same path succeeded. */
  | 'succeeded'
  /** It went on with something else. */
  | 'went on'
  /** It ended, with a status that is not 0, or by a signal. */
  | 'ended'
  /** The log has no more of it. */
  | 'unknown';

/** Calls that failed in the same way. */
export interface Failure {
  readonly call: string;
  readonly errno: string;
  /** A byte string; undefined if it was about no path. */
  readonly path: string | undefined;
  readonly count: number;
  /** The first of them. */
  readonly line: number;
  readonly pid: number;
  /** Paths of programs: byte strings. */
  readonly programs: readonly string[];
  /** What happened next, and how often. */
  readonly next: Readonly<Partial<Record<Aftermath, number>>>;
  /** Where it was found, or what was done next, after the first of them. A byte string. */
  readonly nextText: string | undefined;
}

interface Found extends Omit<Failure, 'programs' | 'next'> {
  count: number;
  programs: string[];
  next: Partial<Record<Aftermath, number>>;
  nextText: string | undefined;
}

/** The last failure of a thread, while it tries other places, and how often. */
interface Open {
  readonly failures: Found[];
  readonly name: string | undefined;
}

/** A search through more places is several. */
const LONGEST_SEARCH = 100;

/**
 * Which calls failed, and what happened next: whether the thread found the same name elsewhere, went on, or ended.
 *
 * @returns  the most frequent first
 * @throws StraceToolsError FILTER_INVALID
 * @example
 * // What could not be opened, and was found nowhere?
 * (await failures(parseStrace(log))).filter(({ next }) => next.found === undefined);
 */
export async function failures(
  events: EventInput,
  options: QuestionOptions = {},
): Promise<readonly Failure[]> {
  const found = new Map<string, Found>();
  const open = new Map<number, Open>();
  for await (const { event, accesses, program } of wantedEvents(events, options)) {
    if (event.kind === 'end') {
      const failed = event.end.how === 'killed' || event.end.status !== 0;
      close(open, event.pid, failed ? 'ended' : 'went on', event.text);
    }
    if (event.kind !== 'syscall' || event.completeness === 'unfinished') continue;
    const errno = errnoOf(event.resultText);
    const access = accesses.findLast(({ line }) => line === event.line);
    if (errno === undefined) succeeded(open, event, access);
    else failed(found, open, event, errno, access);
    const failure = errno === undefined ? undefined : found.get(keyOf(event, errno, access));
    if (failure !== undefined && program !== undefined && !failure.programs.includes(program.path))
      failure.programs.push(program.path);
  }
  for (const pid of [...open.keys()]) close(open, pid, 'unknown', undefined);
  return [...found.values()].sort((a, b) => b.count - a.count || a.line - b.line);
}

function failed(
  found: Map<string, Found>,
  open: Map<number, Open>,
  event: SyscallEvent,
  errno: string,
  access: FileAccess | undefined,
): void {
  const key = keyOf(event, errno, access);
  const { name: call, line, pid } = event;
  let failure = found.get(key);
  if (failure === undefined) {
    failure = {
      call,
      errno,
      path: access?.path,
      count: 0,
      line,
      pid,
      programs: [],
      next: {},
      nextText: undefined,
    };
    found.set(key, failure);
  }
  failure.count++;
  const name = lastComponent(access?.path);
  const search = open.get(pid);
  const goesOn = search !== undefined && name !== undefined && search.name === name;
  if (goesOn && search.failures.length < LONGEST_SEARCH) search.failures.push(failure);
  else {
    close(open, pid, 'went on', textOf(event, access));
    open.set(pid, { failures: [failure], name });
  }
}

function succeeded(open: Map<number, Open>, event: SyscallEvent, access: FileAccess | undefined): void {
  const search = open.get(event.pid);
  if (search === undefined) return;
  if (event.name === 'exit_group' || event.name === 'exit') {
    const status = Number.parseInt(event.argumentsText, 10);
    close(open, event.pid, status === 0 ? 'went on' : 'ended', event.text);
    return;
  }
  const same =
    access !== undefined && search.name !== undefined && lastComponent(access.path) === search.name;
  const path = same ? (access.realPath ?? access.path) : undefined;
  if (path === undefined) close(open, event.pid, 'went on', textOf(event, access));
  else {
    for (const failure of search.failures) {
      const aftermath = failure.path === access?.path ? 'succeeded' : 'found';
      conclude(failure, aftermath, path);
    }
    open.delete(event.pid);
  }
}

function close(open: Map<number, Open>, pid: number, aftermath: Aftermath, text: string | undefined): void {
  for (const failure of open.get(pid)?.failures ?? []) conclude(failure, aftermath, text);
  open.delete(pid);
}

function conclude(failure: Found, aftermath: Aftermath, text: string | undefined): void {
  failure.next[aftermath] = (failure.next[aftermath] ?? 0) + 1;
  failure.nextText ??= text;
}

function keyOf({ name }: SyscallEvent, errno: string, access: FileAccess | undefined): string {
  return `${name} ${errno} ${access?.path ?? ''}`;
}

function textOf({ name }: SyscallEvent, access: FileAccess | undefined): string {
  return access === undefined ? name : `${name} ${access.path}`;
}

function lastComponent(path: string | undefined): string | undefined {
  return path?.slice(path.lastIndexOf('/') + 1) || undefined;
}
