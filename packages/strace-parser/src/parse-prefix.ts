import { Char } from './char.js';
import { skipAnnotation } from './skip-text.js';

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
}

/** Linux gives no higher pid (PID_MAX_LIMIT), so a larger bare number is a time. */
const LARGEST_PID = 4 * 1024 * 1024;

type Visit = (field: keyof Prefix, start: number, end: number) => void;

/**
 * Read the prefix of a line, token by token: pid, times, call number, instruction pointer, context.
 *
 * @returns  index of the first character of the event
 */
export function walkPrefix(text: string, start: number, end: number, visit: Visit): number {
  let at = start;
  let seenPid = false;
  let seenTime = false;
  for (;;) {
    const from = skipSpaces(text, at, end);
    const code = text.charCodeAt(from);
    let stop = from;
    if (isDigit(code)) {
      stop = skipTimeDigits(text, from, end);
      const whole = isPlainNumber(text, from, stop);
      if (text.charCodeAt(stop) === Char.Less && whole && !seenPid) {
        const after = skipAnnotation(text, stop, end);
        if (after < 0) return at;
        visit('pid', from, stop);
        visit('comm', stop + 1, after - 1);
        seenPid = true;
        stop = after;
      } else if (
        whole &&
        !seenPid &&
        !seenTime &&
        from === start &&
        Number(text.slice(from, stop)) <= LARGEST_PID
      ) {
        visit('pid', from, stop);
        seenPid = true;
      } else {
        const colon = text.indexOf(':', from);
        const clock = (colon >= 0 && colon < stop) || (!seenTime && stop - from >= 9);
        visit(clock ? 'time' : 'sinceLast', from, stop);
        seenTime = true;
      }
    } else if (code === Char.OpenRound && text.charCodeAt(from + 1) === Char.Plus) {
      const number = skipSpaces(text, from + 2, end);
      stop = skipTimeDigits(text, number, end);
      if (text.charCodeAt(stop) !== Char.CloseRound) return at;
      visit('sinceLast', number, stop);
      stop++;
    } else if (code === Char.OpenSquare) {
      const close = text.indexOf(']', from);
      if (close < 0 || close >= end) return from;
      if (text.startsWith('[pid ', from)) {
        const number = skipSpaces(text, from + 5, end);
        stop = skipTimeDigits(text, number, end);
        visit('pid', number, stop);
        if (text.charCodeAt(stop) === Char.Less) {
          const after = skipAnnotation(text, stop, end);
          if (after < 0) return at;
          visit('comm', stop + 1, after - 1);
          stop = after;
        }
        if (text.charCodeAt(stop) !== Char.CloseSquare) return at;
        stop++;
        seenPid = true;
      } else if (text.startsWith('[ Process PID=', from)) return from;
      else {
        const inner = text.slice(from + 1, close);
        if (/^ *\d+$/.test(inner) && !/^[0-9]{16}$|^0[0-9]{7}$/.test(inner)) {
          visit('callNumber', skipSpaces(text, from + 1, end), close);
        } else if (/^([0-9a-f]{8}|[0-9a-f]{16}|\?+)$/.test(inner))
          visit('instructionPointer', from + 1, close);
        else if (/^[^\s"]+$/.test(inner)) visit('context', from + 1, close);
        else return from;
        stop = close + 1;
      }
    } else return from;
    if (text.charCodeAt(stop) !== Char.Space) return at;
    at = stop + 1;
  }
}

/** The prefix of a line as a value. */
export function parsePrefix(text: string, start: number, end: number): Prefix {
  const prefix: Record<string, string | number> = {};
  walkPrefix(text, start, end, (field, from, to) => {
    const value = text.slice(from, to);
    prefix[field] = field === 'pid' || field === 'callNumber' ? Number(value) : value;
  });
  return prefix;
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
