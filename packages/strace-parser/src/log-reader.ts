import { Char } from './char.js';
import { type LineSink, LineSplitter } from './line-splitter.js';
import { walkPrefix } from './parse-prefix.js';
import { isWord } from './scan.js';

/** The first half of a call that another process interrupted, or a call whose line was broken. */
export interface Half<Spec> {
  readonly spec: Spec;
  /** Whose call it is. Changes when a thread's execve makes it the leader. */
  pid: number;
  readonly line: number;
  readonly offset: number;
  text: string;
  lineStart: number;
  bodyStart: number;
  nameEnd: number;
  /** After the last character of the call in this half: the mark or the foreign text begins here. */
  bodyEnd: number;
  lineEnd: number;
  /** The other threads are gone and this execve has succeeded: strace has said so. */
  superseded: boolean;
}

/** Lines that are not calls. */
export type OtherLine =
  | 'signal'
  | 'exited'
  | 'killed'
  | 'superseded'
  | 'stopped'
  | 'personality'
  | 'message'
  | 'stack'
  | 'dump'
  | 'table';

/**
 * Who listens. A reader's public fields (`pid`, `lineNumber`, `text`, …) say where it is during a call.
 * `Spec` is what the sink wants to remember about a system call's name.
 */
export interface LogSink<Spec> {
  /** What is known about the call of this name; undefined: pass over its lines. */
  want(text: string, nameStart: number, nameEnd: number): Spec | undefined;
  /** The first half of a call has been seen; its whole will be `joined` or `lost`. */
  begun(spec: Spec, head: Half<Spec>): void;
  /** A call on one line; arguments start at `nameEnd + 1`. False when the line breaks off inside the call. */
  call(spec: Spec, nameEnd: number): boolean;
  /** A call whose halves have met; the second half's arguments go on at `tailStart`. False as above. */
  joined(spec: Spec, head: Half<Spec>, tailStart: number): boolean;
  /** A second half without its first: the log began in between. */
  headless(spec: Spec, nameStart: number, nameEnd: number, tailStart: number): void;
  /** A first half that will not be resumed. */
  lost(head: Half<Spec>): void;
  other(kind: OtherLine): void;
  unparsed(reason: string): void;
}

export interface ReaderOptions {
  /** Whose log it is, where the lines do not say: -ff, or no -f. Default 0. */
  readonly pid?: number;
}

const UNFINISHED = ' <unfinished ...>';

/**
 * The grammar of lines: takes chunks, tells a sink what each line is, and joins the halves of calls.
 * Memory is bounded by the longest line and the number of processes that are in a call.
 */
export class LogReader<Spec> implements LineSink {
  lineNumber = 0;
  eventCount = 0;
  pid = 0;
  text = '';
  lineStart = 0;
  bodyStart = 0;
  lineEnd = 0;
  /** Byte offset in the log of `text`'s first character. */
  textOffset = 0;
  endsInLine = false;

  private readonly splitter = new LineSplitter(this);
  private readonly pending = new Map<number, Half<Spec>>();
  private fresh: Half<Spec>[] = [];
  private broken: Half<Spec> | undefined;
  private readonly barePid: number;

  constructor(
    private readonly sink: LogSink<Spec>,
    options: ReaderOptions = {},
  ) {
    this.barePid = options.pid ?? 0;
  }

  push(chunk: Uint8Array): void {
    this.splitter.push(chunk);
  }

  finish(): void {
    this.endsInLine = this.splitter.finish();
    this.dropBroken();
    for (const head of this.pending.values()) this.sink.lost(head);
    this.pending.clear();
  }

  tooLong(offset: number, lengthBytes: number): void {
    this.lineNumber++;
    this.text = '';
    this.textOffset = offset;
    this.lineStart = this.bodyStart = this.lineEnd = 0;
    this.sink.unparsed(`a line of ${lengthBytes} bytes is too long`);
  }

  release(): void {
    for (const head of this.fresh) {
      // A slice keeps the whole text it was cut from alive; a half that waits gets its own copy.
      head.text = ` ${head.text.slice(head.lineStart, head.lineEnd)}`.slice(1);
      head.bodyStart -= head.lineStart;
      head.nameEnd -= head.lineStart;
      head.bodyEnd -= head.lineStart;
      head.lineEnd -= head.lineStart;
      head.lineStart = 0;
    }
    if (this.fresh.length > 0) this.fresh = [];
    this.text = '';
  }

  line(text: string, start: number, end: number, offset: number): void {
    this.lineNumber++;
    this.text = text;
    this.textOffset = offset;
    this.lineStart = start;
    this.lineEnd = end;
    this.pid = this.barePid;
    let at = start;
    let code = text.charCodeAt(at);
    if (code >= Char.Zero && code <= Char.Nine) {
      let pid = 0;
      do {
        pid = pid * 10 + code - Char.Zero;
        code = text.charCodeAt(++at);
      } while (code >= Char.Zero && code <= Char.Nine);
      if (code === Char.Space) {
        do code = text.charCodeAt(++at);
        while (code === Char.Space);
        if (startsEvent(code) && at - start < 9) this.pid = pid;
        else at = this.longPrefix();
      } else at = this.longPrefix();
    } else if (!startsEvent(code)) at = this.longPrefix();
    this.bodyStart = at;
    this.body(text, at, end);
  }

  private longPrefix(): number {
    const { text, lineStart } = this;
    return walkPrefix(text, lineStart, this.lineEnd, (field, from, to) => {
      if (field === 'pid') this.pid = Number(text.slice(from, to));
    });
  }

  private body(text: string, at: number, end: number): void {
    const code = text.charCodeAt(at);
    if (isWord(code) || code === Char.Question) {
      let nameEnd = at + 1;
      for (let c = text.charCodeAt(nameEnd); isWord(c) || c === Char.Question; )
        c = text.charCodeAt(++nameEnd);
      if (text.charCodeAt(nameEnd) === Char.OpenRound && nameEnd < end) {
        const spec = this.sink.want(text, at, nameEnd);
        if (spec === undefined) this.eventCount++;
        else this.call(spec, text, nameEnd, end);
        return;
      }
    } else if (code === Char.Less && text.startsWith('<... ', at)) {
      if (this.resumed(text, at + 5, end)) return;
    } else if (code === Char.Plus && text.startsWith('+++ ', at)) {
      if (this.plus(text, at + 4)) return;
    } else if (code === Char.Minus && text.startsWith('--- ', at)) {
      this.other(text.startsWith('stopped by ', at + 4) ? 'stopped' : 'signal');
      return;
    }
    this.oddLine(text, at);
  }

  private call(spec: Spec, text: string, nameEnd: number, end: number): void {
    if (text.charCodeAt(end - 1) === Char.Greater) {
      const mark = markStart(text, nameEnd, end);
      if (mark >= 0) {
        this.begin(spec, nameEnd, mark);
        return;
      }
    }
    if (this.sink.call(spec, nameEnd)) this.eventCount++;
    else this.broken = this.half(spec, nameEnd, end);
  }

  private half(spec: Spec, nameEnd: number, bodyEnd: number): Half<Spec> {
    const half: Half<Spec> = {
      spec,
      pid: this.pid,
      line: this.lineNumber,
      offset: this.textOffset + this.lineStart,
      text: this.text,
      lineStart: this.lineStart,
      bodyStart: this.bodyStart,
      nameEnd,
      bodyEnd,
      lineEnd: this.lineEnd,
      superseded: false,
    };
    this.fresh.push(half);
    return half;
  }

  private begin(spec: Spec, nameEnd: number, bodyEnd: number): void {
    const stale = this.pending.get(this.pid);
    if (stale !== undefined) this.lose(stale);
    const head = this.half(spec, nameEnd, bodyEnd);
    this.pending.set(this.pid, head);
    this.sink.begun(spec, head);
  }

  private lose(head: Half<Spec>): void {
    this.eventCount++;
    this.sink.lost(head);
  }

  /** `<... NAME resumed>` and, in old and proposed versions, `<... NAME resumed #7> )`. */
  private resumed(text: string, nameStart: number, end: number): boolean {
    const nameEnd = text.indexOf(' ', nameStart);
    if (nameEnd < 0 || !text.startsWith(' resumed', nameEnd)) return false;
    const close = text.indexOf('>', nameEnd + 8);
    if (close < 0 || close >= end) return false;
    const spec = this.sink.want(text, nameStart, nameEnd);
    if (spec === undefined) {
      this.eventCount++;
      return true;
    }
    const head = this.takeHead(text.slice(nameStart, nameEnd));
    if (head === undefined) {
      this.eventCount++;
      this.sink.headless(spec, nameStart, nameEnd, close + 1);
    } else if (this.sink.joined(head.spec, head, close + 1)) this.eventCount++;
    else this.sink.unparsed('the call does not end');
    return true;
  }

  private takeHead(name: string): Half<Spec> | undefined {
    const own = this.pending.get(this.pid);
    if (own !== undefined && nameOf(own) === name) {
      this.pending.delete(this.pid);
      return own;
    }
    if (name !== 'execve' && name !== 'execveat') return undefined;
    // A thread's execve ends under the leader's pid; with --quiet=thread-execve nothing has said so.
    for (const [pid, head] of this.pending) {
      if (nameOf(head) === name && movesTo(head) === this.pid) {
        this.pending.delete(pid);
        head.superseded = true;
        return head;
      }
    }
    return undefined;
  }

  private plus(text: string, at: number): boolean {
    if (text.startsWith('exited with ', at)) this.gone('exited');
    else if (text.startsWith('killed by ', at)) this.gone('killed');
    else if (text.startsWith('superseded by execve in pid ', at)) {
      const thread = Number.parseInt(text.slice(at + 28, at + 40), 10);
      const own = this.pending.get(this.pid);
      const head = this.pending.get(thread);
      if (own !== undefined && head !== own) {
        this.pending.delete(this.pid);
        this.lose(own);
      }
      this.other('superseded');
      if (head !== undefined) {
        this.pending.delete(thread);
        head.superseded = true;
        this.pending.set(this.pid, head);
      }
    } else return false;
    return true;
  }

  private gone(kind: 'exited' | 'killed'): void {
    const head = this.pending.get(this.pid);
    if (head !== undefined) {
      this.pending.delete(this.pid);
      this.lose(head);
    }
    this.other(kind);
  }

  private other(kind: OtherLine): void {
    this.eventCount++;
    this.sink.other(kind);
  }

  /** Lines that are rare or foreign; nothing here needs to be fast. */
  private oddLine(text: string, at: number): void {
    if (text.startsWith('[ Process PID=', at)) this.other('personality');
    else this.sink.unparsed('not a line of strace');
  }

  private dropBroken(): void {
    if (this.broken === undefined) return;
    this.broken = undefined;
    this.sink.unparsed('the call does not end');
  }
}

function startsEvent(code: number): boolean {
  return (
    (code >= Char.LowerA && code <= Char.LowerZ) ||
    code === Char.Less ||
    code === Char.Plus ||
    code === Char.Minus ||
    code === Char.Underscore ||
    code === Char.Question
  );
}

export function nameOf<Spec>(half: Half<Spec>): string {
  return half.text.slice(half.bodyStart, half.nameEnd);
}

/** Start of ` <unfinished ...>`, ` <detached ...>` or ` <pid changed to N ...>` at the end of a line, or -1. */
function markStart(text: string, from: number, end: number): number {
  if (text.startsWith(UNFINISHED, end - UNFINISHED.length)) return end - UNFINISHED.length;
  if (!text.startsWith(' ...>', end - 5)) {
    // Proposed for later versions: <unfinished #89567 ...> has the same ending, so nothing else ends a half.
    return -1;
  }
  const open = text.lastIndexOf(' <', end);
  if (open < from) return -1;
  return /^ <(unfinished #\d+|detached|pid changed to \d+) \.\.\.>$/.test(text.slice(open, end)) ? open : -1;
}

/** The pid of `<pid changed to N ...>`. */
function movesTo<Spec>(head: Half<Spec>): number {
  const mark = head.text.slice(head.bodyEnd, head.lineEnd);
  return Number(/^ <pid changed to (\d+) /.exec(mark)?.[1] ?? Number.NaN);
}
