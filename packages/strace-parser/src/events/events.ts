import type { Argument } from '../arguments/argument-tree.js';
import { type CallResult, parseResultAt } from '../arguments/call-result.js';
import { parseArgumentsIn } from '../arguments/parse-arguments.js';
import { type Prefix, parsePrefix } from '../lines/parse-prefix.js';
import type { ProcessEnd } from '../lines/process-end.js';
import { durationAtEnd } from '../text/duration.js';

/** One event of a log. `kind` tells them apart. */
export type StraceEvent =
  | SyscallEvent
  | ForkingEvent
  | NamedEvent
  | SignalEvent
  | EndEvent
  | SupersededEvent
  | StoppedEvent
  | PersonalityEvent
  | MessageEvent
  | StackEvent
  | DumpEvent
  | TableEvent
  | BlankEvent
  | CutEvent
  | UnparsedEvent;

/** What all events have. */
export interface EventBase {
  /** Line of the log, from 1; of a call in two halves, the first one's. */
  readonly line: number;
  /** Where that line begins in the log, in bytes. */
  readonly byteOffset: number;
  /** The thread; 0 where the log names none. */
  readonly pid: number;
  /**
   * When it happened, or began, in seconds, if the log has times: since the epoch with -ttt, else since the first line
   * that has one. A double: its step is 0.24 µs at today's epoch.
   */
  readonly time?: number | undefined;
  /** Times, pid and so on, as printed before the event. */
  readonly prefix: Prefix;
  /** The line, without its prefix; a byte string. */
  readonly text: string;
}

/** A line of the log that a call was printed on: calls that others interrupt, or that other output breaks, have several. */
export interface CallPart {
  readonly line: number;
  readonly byteOffset: number;
  /** When it was printed, if the log has times. See {@link EventBase.time}. */
  readonly time?: number;
  /** The whole line. */
  readonly text: string;
  /** Length of the prefix, and of `<... NAME resumed>` after it. */
  readonly start: number;
  /** Where in the line the call's own text ends: ` <unfinished ...>`, or foreign text, follows. */
  readonly end: number;
}

/** Whether the log has all of a call. */
export type Completeness =
  /** From the name to the result. */
  | 'whole'
  /** The log begins in the middle of it: the first arguments are missing. */
  | 'headless'
  /** The process died, strace detached, or the log ended in the middle of it: there is no result. */
  | 'unfinished';

/** A system call; its two halves, where another process interrupted it, are one event. */
export class SyscallEvent implements EventBase {
  readonly kind = 'syscall';
  #readPrefix: Prefix | undefined = undefined;
  #readArguments: readonly Argument[] | undefined = undefined;
  #readResult: CallResult | undefined = undefined;

  constructor(
    /** `openat`, …; '' where the log has only the end of a call and does not say of which. */
    readonly name: string,
    /** The thread under which it ended. A successful execve by another thread ends under the leader's. */
    readonly pid: number,
    readonly completeness: Completeness,
    /** The call without prefixes and marks: `name(arguments) = result`. A byte string. */
    readonly text: string,
    /** Index in `text` of the parenthesis that closes the arguments; its length if there is none. */
    readonly argumentsEnd: number,
    readonly parts: readonly CallPart[],
    /** The thread under which it began: another one only for an execve that made that thread the leader. */
    readonly startedBy = pid,
    /** strace has said that this execve replaced the program, whatever the result says. */
    readonly superseded = false,
  ) {}

  get line(): number {
    return this.#firstPart.line;
  }

  get byteOffset(): number {
    return this.#firstPart.byteOffset;
  }

  get time(): number | undefined {
    return this.#firstPart.time;
  }

  /** Of a call in two halves, when the second one was printed. */
  get endTime(): number | undefined {
    return this.parts.length > 1 ? this.parts.at(-1)?.time : undefined;
  }

  /** -T: how long the call took, in seconds, as exactly as strace prints it. */
  get duration(): number | undefined {
    return durationAtEnd(this.text, this.text.length);
  }

  get prefix(): Prefix {
    const { text, start } = this.#firstPart;
    this.#readPrefix ??= parsePrefix(text, 0, start);
    return this.#readPrefix;
  }

  /** What is between the parentheses, as printed. */
  get argumentsText(): string {
    return this.text.slice(this.name.length + 1, this.argumentsEnd);
  }

  /** The arguments as trees; read on first use. */
  get arguments(): readonly Argument[] {
    this.#readArguments ??= parseArgumentsIn(this.text, this.name.length + 1, this.argumentsEnd);
    return this.#readArguments;
  }

  /** What follows `= `, as printed; '' if the log does not have it. */
  get resultText(): string {
    return this.text.slice(this.#resultStart);
  }

  /** Its length, if the text has no result. */
  get #resultStart(): number {
    const equals = this.text.indexOf('=', this.argumentsEnd);
    return equals < 0 ? this.text.length : equals + 2;
  }

  /** The result as a value; undefined if the log does not have it. */
  get result(): CallResult | undefined {
    if (this.#readResult === undefined) {
      const start = this.#resultStart;
      if (start < this.text.length) this.#readResult = parseResultAt(this.text, start);
    }
    return this.#readResult;
  }

  toJSON(): object {
    const { kind, line, byteOffset, pid, name, completeness, prefix, result } = this;
    const { time, endTime, duration } = this;
    const when = { time, endTime, duration };
    return {
      kind,
      line,
      byteOffset,
      pid,
      ...when,
      prefix,
      name,
      completeness,
      arguments: this.arguments,
      result,
    };
  }

  get #firstPart(): CallPart {
    return this.parts[0] as CallPart;
  }
}

/**
 * A thread has entered clone, fork or vfork and others speak before that call ends: its child may be among
 * them. The call itself follows as a `syscall` event.
 */
export interface ForkingEvent extends EventBase {
  readonly kind: 'forking';
  readonly name: string;
  /** The arguments so far, as printed. */
  readonly argumentsText: string;
}

/** The thread whose lines had no pid (0) has this one: strace names it once there is another. */
export interface NamedEvent extends EventBase {
  readonly kind: 'named';
}

/** `--- SIGCHLD {si_signo=SIGCHLD, …} ---`. */
export interface SignalEvent extends EventBase {
  readonly kind: 'signal';
  readonly signal: string;
  /** The siginfo, as printed: `{…}`, or words in old versions. */
  readonly infoText: string;
  /** The siginfo as a tree. */
  readonly info: readonly Argument[];
}

/** `+++ exited with 0 +++`, `+++ killed by SIGSEGV (core dumped) +++`. */
export interface EndEvent extends EventBase {
  readonly kind: 'end';
  readonly end: ProcessEnd;
}

/** `+++ superseded by execve in pid N +++`: that thread now has this process's pid. */
export interface SupersededEvent extends EventBase {
  readonly kind: 'superseded';
  readonly thread: number;
}

/** `--- stopped by SIGSTOP ---`. */
export interface StoppedEvent extends EventBase {
  readonly kind: 'stopped';
  readonly signal: string;
}

/** `[ Process PID=1 runs in 32 bit mode. ]`. */
export interface PersonalityEvent extends EventBase {
  readonly kind: 'personality';
  readonly process: number;
  /** `32 bit`, `64 bit`, `x32`. */
  readonly mode: string;
}

/** strace's own words: attached and detached processes, warnings, tips. */
export interface MessageEvent extends EventBase {
  readonly kind: 'message';
  readonly message: 'attached' | 'detached' | 'other';
  /** The process that was attached or detached. */
  readonly process?: number;
}

/** -k: one frame of the call above it. */
export interface StackEvent extends EventBase {
  readonly kind: 'stack';
}

/** -e read, -e write: one line of a hexadecimal dump. */
export interface DumpEvent extends EventBase {
  readonly kind: 'dump';
}

/** A line of the table of -c or -C; `parseSummary` reads it. */
export interface TableEvent extends EventBase {
  readonly kind: 'table';
}

/** A line with nothing on it, but what others may have put before it. */
export interface BlankEvent extends EventBase {
  readonly kind: 'blank';
}

/** The last line of a log, which ends in the middle of it: strace was killed, or the log was cut. */
export interface CutEvent extends EventBase {
  readonly kind: 'cut';
  /** The call that it was about. */
  readonly name?: string | undefined;
  /** Those of its arguments that are whole, as printed. */
  readonly argumentsText?: string | undefined;
}

/** A line that is not strace's, or that it did not finish. Nothing is thrown away. */
export interface UnparsedEvent extends EventBase {
  readonly kind: 'unparsed';
  readonly reason: string;
}
