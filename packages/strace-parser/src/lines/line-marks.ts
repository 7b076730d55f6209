import { Char } from '../text/char.js';

const UNFINISHED = ' <unfinished ...>';
/** A line's beginning in the middle of one: strace 6.1 with -f -z goes on so after a call that it could not enter. */
const GLUED_LINE = /^\d+ +(?:[a-z?][\w?]*\(|<\.\.\. |\+\+\+ |--- )/;

/** Whether an event begins so: a name, `<... `, `+++`, `---`. */
export function startsEvent(code: number): boolean {
  return (
    (code >= Char.LowerA && code <= Char.LowerZ) ||
    code === Char.Less ||
    code === Char.Plus ||
    code === Char.Minus ||
    code === Char.Underscore ||
    code === Char.Question
  );
}

/** Whether another line begins right after a call's opening parenthesis. */
export function isGlued(text: string, start: number, end: number): boolean {
  let at = start;
  while (text.charCodeAt(at) >= Char.Zero && text.charCodeAt(at) <= Char.Nine) at++;
  return (
    at > start &&
    text.charCodeAt(at) === Char.Space &&
    GLUED_LINE.test(text.slice(start, Math.min(end, start + 80)))
  );
}

/** Start of ` <unfinished ...>`, ` <detached ...>` or ` <pid changed to N ...>` at the end of a line, or -1. */
export function markStart(text: string, from: number, end: number): number {
  const usual = end - UNFINISHED.length;
  if (text.slice(usual, end) === UNFINISHED) return usual;
  if (!text.startsWith(' ...>', end - 5)) {
    // Proposed for later versions: <unfinished #89567 ...> has the same ending, so nothing else ends a half.
    return -1;
  }
  const open = text.lastIndexOf(' <', end);
  if (open < from) return -1;
  return /^ <(unfinished #\d+|detached|pid changed to \d+) \.\.\.>$/.test(text.slice(open, end)) ? open : -1;
}
