import { type FileAccess, type Program, type StraceEvent, unescapeC } from '@keepset/strace-parser';
import picomatch from 'picomatch';
import { StraceToolsError } from '../strace-tools-error.js';
import { toByteString } from './byte-text.js';

/** Which events are wanted. What is not given does not matter; of a list, one must match. */
export interface EventFilter {
  /** Numbers of threads. */
  readonly pids?: readonly number[] | undefined;
  /** Globs for the program's path or its last component: `git`, `/usr/lib/**`. */
  readonly programs?: readonly string[] | undefined;
  /** Globs for paths: of what a call names, of what its descriptor is. `*` stops at slashes, `**` does not. */
  readonly paths?: readonly string[] | undefined;
  /** Globs for names of calls: `open*`. */
  readonly calls?: readonly string[] | undefined;
  /** `ENOENT`, …; `any` for every failed call. */
  readonly errnos?: readonly string[] | undefined;
  /** Seconds, as `time` of events has them. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What is known of an event when it is judged. */
export interface FilterContext {
  readonly program: Program | undefined;
  readonly accesses: readonly FileAccess[];
  /** The files of the descriptors that the call is given. */
  descriptorPaths(): readonly string[];
}

type Matches = (text: string) => boolean;

/** A filter that is ready to be asked. */
export class EventMatcher {
  readonly #pids: ReadonlySet<number> | undefined;
  readonly #programs: Matches | undefined;
  readonly #paths: Matches | undefined;
  readonly #calls: Matches | undefined;
  readonly #errnos: ReadonlySet<string> | undefined;
  readonly #from: number;
  readonly #to: number;
  /** It has nothing to say: every event is wanted. */
  readonly acceptsAll: boolean;

  /** @throws StraceToolsError FILTER_INVALID */
  constructor(filter: EventFilter) {
    this.#pids = filter.pids?.length ? new Set(filter.pids) : undefined;
    this.#programs = globs('program', filter.programs);
    this.#paths = globs('path', filter.paths);
    this.#calls = globs('call', filter.calls);
    this.#errnos = filter.errnos?.length
      ? new Set(filter.errnos.map((errno) => errno.toUpperCase()))
      : undefined;
    this.#from = filter.from ?? Number.NEGATIVE_INFINITY;
    this.#to = filter.to ?? Number.POSITIVE_INFINITY;
    const ofWhat = this.#pids ?? this.#programs ?? this.#paths ?? this.#calls ?? this.#errnos;
    this.acceptsAll = ofWhat === undefined && filter.from === undefined && filter.to === undefined;
  }

  /** Whether an event is wanted. */
  accepts(event: StraceEvent, context: FilterContext): boolean {
    if (this.acceptsAll) return true;
    if (this.#pids !== undefined && !this.#pids.has(event.pid)) return false;
    if (this.#from !== Number.NEGATIVE_INFINITY || this.#to !== Number.POSITIVE_INFINITY) {
      const { time } = event;
      if (time === undefined || time < this.#from || time > this.#to) return false;
    }
    if (this.#programs !== undefined && !this.#isProgram(context.program)) return false;
    if (this.#calls !== undefined && !(event.kind === 'syscall' && this.#calls(event.name))) return false;
    if (this.#errnos !== undefined && !this.#isErrno(event)) return false;
    if (this.#paths === undefined) return true;
    return (
      context.accesses.some((access) => this.acceptsAccess(access)) ||
      context.descriptorPaths().some(this.#paths)
    );
  }

  /** Whether a path is wanted. */
  acceptsPath(path: string): boolean {
    return this.#paths?.(path) ?? true;
  }

  /** Whether what was asked for is wanted, or what it really was. */
  acceptsAccess({ path, realPath }: FileAccess): boolean {
    return this.acceptsPath(path) || (realPath !== undefined && this.acceptsPath(realPath));
  }

  #isProgram(program: Program | undefined): boolean {
    if (program === undefined) return false;
    return this.#programs?.(program.path) === true || this.#programs?.(lastComponent(program.path)) === true;
  }

  #isErrno(event: StraceEvent): boolean {
    if (event.kind !== 'syscall') return false;
    const errno = errnoOf(event.resultText);
    return errno !== undefined && (this.#errnos?.has(errno) === true || this.#errnos?.has('ANY') === true);
  }
}

/** The error of a call, from what it returned: `-1 ENOENT (…)`, `? ERESTARTSYS (…)`. */
export function errnoOf(resultText: string): string | undefined {
  return /^(?:-1|\?) (E[A-Z0-9]+|ERESTART\w+)/.exec(resultText.slice(0, 48))?.[1];
}

function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Patterns come as text, paths are bytes. */
function globs(what: string, patterns: readonly string[] | undefined): Matches | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  const matches = patterns.map((pattern) => {
    if (pattern === '') throw new StraceToolsError('FILTER_INVALID', `an empty pattern for the ${what}`);
    return picomatch(toByteString(pattern), { dot: true, nonegate: true });
  });
  return (text) => matches.some((each) => each(text));
}

/** -yy, after the path of a device. */
const DEVICE = /<(?:char|block) \d+:\d+>$/;

/** The path in what strace shows of a descriptor: `</etc/motd>`; undefined for pipes, sockets and the like. */
export function annotatedPath(note: string): string | undefined {
  const printed = note.replace(DEVICE, '');
  const path = printed.includes('\\') ? unescapeC(printed) : printed;
  return path.startsWith('/') ? path : undefined;
}
