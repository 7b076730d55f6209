import { Char } from '../text/char.js';
import { skipAnnotation } from '../text/skip-text.js';
import { foreignPrefix } from './foreign-prefix.js';

/** What strace puts before an event. Every field is there only if the log has it. */
export interface Prefix {
  /** From the pid column or `[pid N]`. */
  readonly pid?: number;
  /** -Y: the process's name, as printed (escaped). */
  readonly comm?: string;
  /** -t, -tt, -ttt: as printed. */
  readonly time?: string;
  /** -r: seconds since the previous event, as printed. */
  readonly sinceLast?: string;
  /** -n: number of the system call. */
  readonly callNumber?: number;
  /** -i: instruction pointer in hexadecimal, or question marks. */
  readonly instructionPointer?: string;
  /** --secontext: the security context of the process. */
  readonly context?: string;
  /** What others have put before all that: `web_1  | `, `> `. */
  readonly foreign?: string;
}

/** Linux gives no higher pid (PID_MAX_LIMIT), so a larger bare number is a time. */
const LARGEST_PID = 4 * 1024 * 1024;

const DAY_TIME = /^\d\d:\d\d:\d\d(?:\.\d+)?$/;
const SECONDS = /^\d+(?:\.\d+)?$/;
/** Of a time between two lines nobody sees so many digits. */
const EPOCH = /^\d{9}/;

type Visit = (field: keyof Prefix, start: number, end: number) => void;

/** In place of where a token ends: it is not whole, or what is there is the event. */
const BROKEN = -1;
const NONE = -2;

/**
 * Read the prefix of a line, token by token: pid, times, call number, instruction pointer, context.
 *
 * @returns  index of the first character of the event
 */
export function walkPrefix(text: string, start: number, end: number, visit: Visit): number {
  const tokens = new PrefixTokens(text, end, visit);
  let at = start;
  for (;;) {
    const from = skipSpaces(text, at, end);
    const stop = tokens.read(from, from === start);
    if (stop === NONE) return from;
    if (stop === BROKEN || text.charCodeAt(stop) !== Char.Space) return at;
    at = stop + 1;
  }
}

/** Reads one token after the other; what a number is depends on those before it. */
class PrefixTokens {
  #seenPid = false;
  #seenTime = false;

  constructor(
    private readonly text: string,
    private readonly end: number,
    private readonly visit: Visit,
  ) {}

  /** @returns  where the token ends, BROKEN or NONE */
  read(from: number, isFirst: boolean): number {
    const code = this.text.charCodeAt(from);
    if (isDigit(code)) return this.#number(from, isFirst);
    if (code === Char.OpenRound && this.text.charCodeAt(from + 1) === Char.Plus) return this.#sinceLast(from);
    return code === Char.OpenSquare ? this.#bracket(from) : NONE;
  }

  #number(from: number, isFirst: boolean): number {
    const { text, end } = this;
    const stop = skipTimeDigits(text, from, end);
    const isWhole = isPlainNumber(text, from, stop);
    const next = text.charCodeAt(stop);
    if (next !== Char.Space && next !== Char.Less) return BROKEN;
    if (isWhole && !this.#seenPid && next === Char.Less) return this.#pid(from, stop);
    if (isWhole && !this.#seenPid && isFirst && Number(text.slice(from, stop)) <= LARGEST_PID)
      return this.#pid(from, stop);
    const isDay = text.charCodeAt(from + 2) === Char.Colon;
    if (!(isDay ? DAY_TIME : SECONDS).test(text.slice(from, stop))) return BROKEN;
    this.visit(
      isDay || (!this.#seenTime && EPOCH.test(text.slice(from, stop))) ? 'time' : 'sinceLast',
      from,
      stop,
    );
    this.#seenTime = true;
    return stop;
  }

  /** `24087`, or `24087<bash>`. */
  #pid(from: number, stop: number): number {
    const { text } = this;
    const hasComm = text.charCodeAt(stop) === Char.Less;
    const after = hasComm ? skipAnnotation(text, stop, this.end) : stop;
    if (after < 0) return BROKEN;
    this.visit('pid', from, stop);
    if (hasComm) this.visit('comm', stop + 1, after - 1);
    this.#seenPid = true;
    return after;
  }

  /** `(+     0.000)`: -r beside another time. */
  #sinceLast(from: number): number {
    const { text, end } = this;
    const number = skipSpaces(text, from + 2, end);
    const stop = skipTimeDigits(text, number, end);
    if (text.charCodeAt(stop) !== Char.CloseRound || !SECONDS.test(text.slice(number, stop))) return BROKEN;
    this.visit('sinceLast', number, stop);
    return stop + 1;
  }

  #bracket(from: number): number {
    const { text, end } = this;
    const close = text.indexOf(']', from);
    if (close < 0 || close >= end) return NONE;
    if (text.startsWith('[pid ', from)) {
      const number = skipSpaces(text, from + 5, end);
      const stop = this.#pid(number, skipTimeDigits(text, number, end));
      return stop >= 0 && text.charCodeAt(stop) === Char.CloseSquare ? stop + 1 : BROKEN;
    }
    if (text.startsWith('[ Process PID=', from)) return NONE;
    const inner = text.slice(from + 1, close);
    if (/^ *\d+$/.test(inner) && !/^[0-9]{16}$|^0[0-9]{7}$/.test(inner)) {
      this.visit('callNumber', skipSpaces(text, from + 1, end), close);
    } else if (/^([0-9a-f]{8}|[0-9a-f]{16}|\?+)$/.test(inner))
      this.visit('instructionPointer', from + 1, close);
    else if (/^[^\s"]+$/.test(inner)) this.visit('context', from + 1, close);
    else return NONE;
    return close + 1;
  }
}

/** The prefix of a line as a value. */
export function parsePrefix(text: string, start: number, end: number): Prefix {
  const prefix: Record<string, string | number> = {};
  let from = start;
  for (;;) {
    const to = walkPrefix(text, from, end, (field, first, last) => {
      const value = text.slice(first, last);
      prefix[field] = field === 'pid' || field === 'callNumber' ? Number(value) : value;
    });
    const found = to < end ? foreignPrefix(text.slice(from, end)) : undefined;
    if (found === undefined) return prefix;
    from += found.length;
    prefix.foreign = text.slice(start, from);
  }
}

function skipSpaces(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && text.charCodeAt(i) === Char.Space) i++;
  return i;
}

function isDigit(code: number): boolean {
  return code >= Char.Zero && code <= Char.Nine;
}

function skipTimeDigits(text: string, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (!isDigit(code) && code !== Char.Dot && code !== Char.Colon) break;
    i++;
  }
  return i;
}

function isPlainNumber(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return end > start;
}
