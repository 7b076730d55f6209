import type { CallPart } from '../events/events.js';
import { Char } from '../text/char.js';
import { isWord } from '../text/skip-text.js';
import { stripColor } from '../text/strip-color.js';
import { TextMemo } from '../text/text-memo.js';
import { BareThread } from './bare-thread.js';
import { Clock } from './clock.js';
import { foreignProgram } from './foreign-log.js';
import { type ForeignPrefix, foreignPrefix } from './foreign-prefix.js';
import { Half, type NameEntry } from './half.js';
import { isGlued, markStart, startsEvent } from './line-marks.js';
import { LineWindow } from './line-window.js';
import { OddLines } from './odd-line.js';
import { walkPrefix } from './parse-prefix.js';

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
  | 'table'
  | 'blank';

/**
 * Who listens. A reader's public fields (`pid`, `lineNumber`, `text`, …) say where it is during a call.
 * `Spec` is what the sink wants to remember about a system call's name.
 */
export interface LogSink<Spec> {
  /** What is known about the call of this name; undefined: pass over its lines. Asked once per name. */
  describe(name: string): Spec | undefined;
  /** The first half of a call has been seen; its whole will be `joined` or `lost`. */
  begun(spec: Spec, head: Half<Spec>): void;
  /** A call on one line; arguments start at `nameEnd + 1`. False when the line breaks off inside the call. */
  call(spec: Spec, nameEnd: number): boolean;
  /** A call whose halves have met; the second half's arguments go on at `tailStart`. False as above. */
  joined(spec: Spec, head: Half<Spec>, tailStart: number): boolean;
  /** A second half without its first: the log began in between. */
  headless(spec: Spec, tailStart: number): void;
  /**
   * A second half that does not even say of which call: strace before 6.2 with --status, -z or -Z.
   * False if it is no such thing.
   */
  nameless(tailStart: number): boolean;
  /** A first half that will not be resumed. */
  lost(spec: Spec, head: Half<Spec>): void;
  other(kind: OtherLine): void;
  /** The log ends in the line at hand, or in the one that `half` is on, in the arguments or the result of its call. */
  cut(half?: Half<Spec>): void;
  /** A line that cannot be read: the one at hand, or the one that `half` is on. */
  unparsed(reason: string, half?: Half<Spec>): void;
  /** The thread that lines without a pid were about (0) turns out to have this one. */
  named(pid: number): void;
}

/** What a log does not say of itself. */
export interface ReaderOptions {
  /** Whose log it is, where the lines do not say: -ff, or no -f. Default 0. */
  readonly pid?: number;
  /**
   * What to do with lines that are strace's but for what mailers, containers' logs or grep have put before them:
   * `auto` (default) reads what comes after it, `keep` takes them for foreign ones.
   */
  readonly stripPrefix?: 'auto' | 'keep';
}

const DETACHED = ' <detached ...>';
const RESUMED = ' resumed';
const ESCAPE = String.fromCharCode(Char.Escape);
const LONGEST_MESSAGE = 4096;
const FOREIGN = 'not a line of strace';
/** -t, -tt, -ttt. */
const USUAL_TIME = /(?:\d\d:\d\d:\d\d|\d{10})(?:\.\d+)? +/y;
/** So many lines are looked at for what only other programs print. */
const INTRODUCTION = 100;
/** A prefix before a prefix before … */
const LAYERS_MAX = 4;
/** The beginning of what strace prints after a prefix. */
const BEGINNING = /^(?:[\w?.:]*(?:<[^>]*>?)?|[-+<[>|*=% ].*)$/s;
/** A result that may go on: a descriptor's path and a failed call's error are told to their ends. */
const CUT_RESULT = /\)\s+= (?:-|-1(?: [A-Z0-9]*)?|\d+<[^>]*)$/;
/** What -e kvm=vcpu printed in place of a call's result, before strace 6.1. */
const VCPU = /\) VCPU(?::\d+)?[<>] \{.*\}$/;
/** `strace: Process 7 attached`, printed into a call's line, after a comment perhaps, by a strace of this path or name. */
const GLUED_MESSAGE = /(?:(?<!\*)\.{0,2}\/[^\s,()|"<>]*|strace[\w.-]*): Process \d+ (?:at|de)tached$/;
/** One was seen; a line of nothing else must not exhaust the stack. */
const GLUED_MAX = 10;
/** The beginning of a line that is not the rest of another. */
const OWN_LINE = /^(?:\[pid |\d+ )/;
/** The traced program may print so many lines into a call. Each is tried: without a limit that would take long. */
const LINES_BETWEEN = 100;
/** What remains of a call after something was printed into its line. */
const CONTINUATION = /^(?:[,)}\]]| => | <unfinished)/;

/**
 * The grammar of lines: tells a sink what each line of its window is, and joins the halves of calls. Memory is bounded
 * by the longest line and the number of processes that are in a call.
 */
export class LogReader<Spec> {
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
  /** When the line at hand was printed, if it says so. */
  time: number | undefined = undefined;
  /** The program that has written this log, if it is not strace. */
  foreign: string | undefined = undefined;
  /** How many lines had something before strace's own text that was passed over, by what it was. */
  readonly stripped = new Map<ForeignPrefix, number>();
  readonly #strips: boolean;
  /** Where strace's own text begins in the line at hand, and how much has been taken off to come there. */
  #ownStart = 0;
  #layers: ForeignPrefix[] = [];
  /** How many prefixes the last line had that was strace's. */
  #lastLayers = 0;
  #atEnd = false;
  /** Of a line that is read again: it is not the next one to the clock. */
  #timeAgain: number | undefined = undefined;
  #passedOver = false;
  /** How many lines have been found in this one. */
  #gluedCalls = 0;

  /** What is known of a word, if it can be the name of a call. */
  readonly #names: TextMemo<NameEntry<Spec | undefined> | undefined>;
  /** By the thread under which they will go on. */
  readonly halves = new Map<number, Half<Spec>>();
  /** Halves of the text at hand. */
  readonly #fresh: Half<Spec>[] = [];
  /** A call whose line something else was printed into. As long as there is one, every line must be read here. */
  broken: Half<Spec> | undefined;
  /** How many more lines may be the rest of it. */
  #patience = 0;
  #lastBegun: Half<Spec> | undefined;
  readonly #odd = new OddLines();
  /** Whose the lines without a pid are. */
  readonly bare: BareThread;

  readonly #sink: LogSink<Spec>;

  constructor(
    sink: LogSink<Spec>,
    options: ReaderOptions = {},
    readonly window = new LineWindow(),
    readonly clock = new Clock(),
  ) {
    this.#sink = sink;
    this.bare = new BareThread(options.pid ?? 0);
    this.#strips = options.stripPrefix !== 'keep';
    this.#names = new TextMemo((name) =>
      /^[\w?]{1,64}$/.test(name) ? { name, spec: sink.describe(name) } : undefined,
    );
  }

  /**
   * Read the next line, and more of them if they are within so many bytes. Few, so that what is made from them has been
   * used and forgotten before the next garbage collection.
   *
   * @returns  false if the next line is not all there yet
   */
  next(bytes: number): boolean {
    const { window } = this;
    if (window.tooLongBytes > 0) this.#tooLong(window.tooLongBytes);
    const newline = window.newline();
    if (newline < 0) return false;
    this.#release();
    const { start } = window;
    const text = window.text(start, Math.max(newline + 1, Math.min(start + bytes, window.end)));
    this.text = text;
    this.textOffset = window.offset + start;
    let at = 0;
    for (let end = newline - start; end >= 0; end = text.indexOf('\n', at)) {
      const { isIntroduced } = this;
      this.lineNumber++;
      this.#gluedCalls = 0;
      const stop = text.charCodeAt(end - 1) === Char.Return && end > at ? end - 1 : end;
      if (isIntroduced) this.#read(text, at, stop);
      else this.#introduce(text, at, stop);
      at = end + 1;
    }
    window.start = start + at;
    return true;
  }

  /** What lives on of a text that is no longer needed costs memory and, more so, time. */
  #release(): void {
    for (const half of this.#fresh) {
      if (half.text !== this.text) continue;
      if (half.waiting) half.detach();
      else half.text = '';
    }
    this.#fresh.length = 0;
  }

  finish(): void {
    this.endsInLine = this.#atEnd = this.window.finish();
    this.next(0);
    if (this.broken?.line === this.lineNumber) this.#cut(this.broken);
    else this.#dropBroken();
    const open = [...this.halves.values()].filter((half) => half.waiting);
    for (const half of open.sort((a, b) => a.line - b.line)) this.#lose(half);
  }

  /** A line of so many bytes has been passed over. */
  #tooLong(lengthBytes: number): void {
    const { window } = this;
    window.tooLongBytes = 0;
    this.lineNumber++;
    this.text = '';
    this.textOffset = window.tooLongOffset;
    this.lineStart = this.bodyStart = this.lineEnd = 0;
    this.#sink.unparsed(`a line of ${lengthBytes} bytes is too long`);
  }

  /** A line with the first half of a call, which had been passed over. */
  readAgain(text: string, lineNumber: number, offset: number, time: number | undefined): void {
    const { lineNumber: now } = this;
    this.lineNumber = lineNumber;
    this.text = text;
    this.textOffset = offset;
    this.#timeAgain = time;
    this.#read(text, 0, text.length);
    this.#timeAgain = undefined;
    this.lineNumber = now;
    this.clock.undo();
  }

  /** So many lines, which had nothing before strace's own text, were read by another. */
  passed(lines: number, events: number): void {
    this.lineNumber += lines;
    this.eventCount += events;
    if (lines > 0) this.#lastLayers = 0;
  }

  /** The log is surely strace's, if it is not known that it is another program's. */
  get isIntroduced(): boolean {
    return this.lineNumber >= INTRODUCTION && this.foreign === undefined;
  }

  #introduce(text: string, start: number, end: number): void {
    this.foreign ??= foreignProgram(text.slice(start, Math.min(end, start + LONGEST_MESSAGE)));
    if (this.foreign === undefined) this.#read(text, start, end);
    else {
      this.lineStart = start;
      this.lineEnd = end;
      this.#sink.unparsed(`this is ${this.foreign}, not strace`);
    }
  }

  #read(text: string, start: number, end: number): void {
    this.lineStart = start;
    this.lineEnd = end;
    if (this.#layers.length > 0) this.#layers = [];
    this.clock.begin();
    this.#readOwn(text, start, end);
  }

  /** Strace's own text, from `start`. */
  #readOwn(text: string, start: number, end: number): void {
    this.#ownStart = start;
    this.time = undefined;
    this.pid = this.bare.pid;
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
        const event = at - start < 9 ? this.#afterTime(text, at, code) : -1;
        if (event < 0) at = this.#longPrefix();
        else {
          this.pid = pid;
          at = event;
        }
      } else at = this.#longPrefix();
    } else if (!startsEvent(code)) at = this.#longPrefix();
    this.bodyStart = at;
    this.#body(text, at, end);
  }

  /** Where the event begins, after one of the usual times or without one; -1 if something else is there. */
  #afterTime(text: string, start: number, first: number): number {
    if (startsEvent(first)) return start;
    USUAL_TIME.lastIndex = start;
    const event = USUAL_TIME.test(text) ? USUAL_TIME.lastIndex : 0;
    if (!startsEvent(text.charCodeAt(event)) || event === 0) return -1;
    this.time = this.clock.read(text, start, text.indexOf(' ', start));
    return event;
  }

  #longPrefix(): number {
    const { text, clock } = this;
    const start = this.#ownStart;
    return walkPrefix(text, start, this.lineEnd, (field, from, to) => {
      if (field === 'time') this.time = clock.read(text, from, to);
      else if (field === 'sinceLast') this.time ??= clock.advance(text, from, to);
      else if (field === 'pid') {
        this.pid = Number(text.slice(from, to));
        if (from > start) this.#inBrackets(this.pid);
      }
    });
  }

  /** `[pid N]`, as on a terminal: the first process is not named before there is a second. */
  #inBrackets(pid: number): void {
    if (!this.bare.isFirst(pid)) return;
    const half = this.halves.get(0);
    if (half !== undefined) {
      this.halves.delete(0);
      half.pid = pid;
      this.halves.set(pid, half);
    }
    this.#sink.named(pid);
  }

  #body(text: string, at: number, end: number): void {
    const code = text.charCodeAt(at);
    if (isWord(code) || code === Char.Question) {
      const nameEnd = text.indexOf('(', at);
      const call = nameEnd < 0 || nameEnd >= end ? undefined : this.#names.get(text.slice(at, nameEnd));
      if (call !== undefined) {
        if (this.#gluedCalls < GLUED_MAX && isGlued(text, nameEnd + 1, end))
          this.#callThenLine(call, text, nameEnd, end);
        else if (call.spec === undefined) this.#passOver();
        else this.#call(call, call.spec, text, nameEnd, end);
        return;
      }
    } else if (code === Char.Less && text.slice(at, at + 5) === '<... ') {
      if (this.#resumed(text, at + 5, end)) return;
    } else if (code === Char.Plus && text.startsWith('+++ ', at)) {
      if (this.#plus(text, at + 4)) return;
    } else if (code === Char.Minus && text.startsWith('--- ', at) && text.startsWith(' ---', end - 4)) {
      this.#other(text.startsWith('stopped by ', at + 4) ? 'stopped' : 'signal');
      return;
    }
    this.#oddLine(text, at);
  }

  #call(call: NameEntry<Spec | undefined>, spec: Spec, text: string, nameEnd: number, end: number): void {
    if (text.charCodeAt(end - 1) === Char.Greater) {
      const mark = markStart(text, nameEnd, end);
      if (mark >= 0) {
        const half = this.#beginHalf(call, nameEnd, mark);
        if (text.slice(mark, end) === DETACHED) this.#lose(half);
        else this.#sink.begun(spec, half);
        return;
      }
    }
    if (this.broken?.pid === this.pid) this.#dropBroken();
    if (this.#atEnd && CUT_RESULT.test(text.slice(nameEnd, end)))
      this.#cut(this.#fill(new Half(this.pid, call), call, nameEnd, end));
    else if (this.#sink.call(spec, nameEnd)) this.#isEvent();
    else if (text.slice(this.lineStart, end).includes(ESCAPE)) this.#plainLine();
    else this.#breakOff(this.#fill(new Half(this.pid, call), call, nameEnd, end));
  }

  /** Something has been read, and so what was taken off before it was no part of it. */
  #isEvent(): void {
    this.eventCount++;
    this.#isOwn();
  }

  #isOwn(): void {
    this.#lastLayers = this.#layers.length;
    if (this.#lastLayers === 0) return;
    for (const kind of this.#layers) this.stripped.set(kind, (this.stripped.get(kind) ?? 0) + 1);
    this.#layers = [];
  }

  /** The log ends in this call. */
  #cut(half: Half<Spec>): void {
    half.waiting = false;
    this.broken = undefined;
    this.#sink.cut(half);
  }

  /** A call that ends with its opening parenthesis, and the line that strace went on with. */
  #callThenLine(call: NameEntry<Spec | undefined>, text: string, nameEnd: number, end: number): void {
    this.#gluedCalls++;
    this.lineEnd = nameEnd + 1;
    if (call.spec === undefined) this.#passOver();
    else this.#sink.begun(call.spec, this.#beginHalf(call, nameEnd, this.lineEnd));
    this.#read(text, nameEnd + 1, end);
  }

  #beginHalf(call: NameEntry<Spec | undefined>, nameEnd: number, bodyEnd: number): Half<Spec> {
    const half = this.#fill(this.#halfOf(this.pid, call), call, nameEnd, bodyEnd);
    if (half.line >= (this.#lastBegun?.line ?? 0)) this.#lastBegun = half;
    return half;
  }

  /** Nobody wants this call. If its line is broken, so is the next one: see `oddLine`. */
  #passOver(): void {
    this.#isEvent();
    this.#passedOver = true;
  }

  /** A call whose line something else was printed into. The rest of it is on a later line. */
  #breakOff(half: Half<Spec>): void {
    this.#dropBroken();
    const vcpu = VCPU.exec(this.text.slice(half.nameEnd, half.lineEnd));
    if (vcpu !== null) {
      half.bodyEnd = half.nameEnd + vcpu.index;
      this.#lose(half);
      return;
    }
    this.broken = half;
    this.#patience = LINES_BETWEEN;
    const message = GLUED_MESSAGE.exec(half.text.slice(half.nameEnd, half.lineEnd).slice(-LONGEST_MESSAGE));
    if (message === null) return;
    this.bare.heard(message[0], false);
    half.bodyEnd = half.lineEnd - message[0].length;
    this.bodyStart = half.bodyEnd;
    this.#other('message');
  }

  /** Try to read the line at hand as what follows a broken call's text. */
  #goesOn(half: Half<Spec>): boolean {
    const { text, lineEnd, pid, bodyStart } = this;
    const lineStart = this.#ownStart;
    const { spec } = half.call;
    if (this.#patience-- <= 0) this.#dropBroken();
    if (spec === undefined || this.broken === undefined) return false;
    const mark = markStart(text, lineStart, lineEnd);
    if (mark >= 0) {
      if (OWN_LINE.test(text.slice(lineStart, lineStart + 20))) return false;
      this.broken = undefined;
      const before = this.halves.get(half.pid);
      if (before !== undefined) this.#lose(before);
      half.pieces = [half.asPart(), this.part(lineStart, mark)];
      half.text = half.text.slice(half.bodyStart, half.bodyEnd) + text.slice(lineStart, mark);
      half.nameEnd -= half.bodyStart;
      half.lineStart = half.bodyStart = 0;
      half.bodyEnd = half.lineEnd = half.text.length;
      this.halves.set(half.pid, half);
      this.#sink.begun(spec, half);
      return true;
    }
    this.pid = half.pid;
    this.bodyStart = lineStart;
    if (!this.#sink.joined(spec, half, lineStart)) {
      this.pid = pid;
      this.bodyStart = bodyStart;
      return false;
    }
    this.broken = undefined;
    this.#isEvent();
    return true;
  }

  /** The line at hand, on which a call's own text is from `start` to `end` of the text. */
  part(start: number, end: number): CallPart {
    const { text, lineStart, time } = this;
    const part = {
      line: this.lineNumber,
      byteOffset: this.textOffset + lineStart,
      text: text.slice(lineStart, this.lineEnd),
      start: start - lineStart,
      end: end - lineStart,
    };
    return time === undefined ? part : { ...part, time };
  }

  #halfOf(pid: number, call: NameEntry<Spec | undefined>): Half<Spec> {
    const known = this.halves.get(pid);
    if (known !== undefined) {
      if (known.waiting) this.#lose(known);
      return known;
    }
    const half = new Half(pid, call);
    this.halves.set(pid, half);
    return half;
  }

  #fill(half: Half<Spec>, call: NameEntry<Spec | undefined>, nameEnd: number, bodyEnd: number): Half<Spec> {
    this.#isOwn();
    half.waiting = true;
    half.pid = this.pid;
    half.call = call;
    half.line = this.lineNumber;
    half.time = this.#timeAgain ?? this.time;
    half.offset = this.textOffset + this.lineStart;
    half.text = this.text;
    half.lineStart = this.lineStart;
    half.bodyStart = this.bodyStart;
    half.nameEnd = nameEnd;
    half.bodyEnd = bodyEnd;
    half.lineEnd = this.lineEnd;
    half.superseded = false;
    half.pieces = undefined;
    this.#fresh.push(half);
    return half;
  }

  #lose(half: Half<Spec>): void {
    if (!half.waiting || half.call.spec === undefined) return;
    half.waiting = false;
    this.eventCount++;
    this.#sink.lost(half.call.spec, half);
  }

  /** `<... NAME resumed>` and, in old and proposed versions, `<... NAME resumed #7> )`. */
  #resumed(text: string, nameStart: number, end: number): boolean {
    const close = text.indexOf('>', nameStart);
    if (close < 0 || close >= end) return false;
    let nameEnd = close - RESUMED.length;
    if (nameEnd <= nameStart || text.slice(nameEnd, close) !== RESUMED) {
      nameEnd = text.indexOf(' ', nameStart);
      if (!/^ resumed( #\d+)?$/.test(text.slice(nameEnd, close))) return false;
    }
    const name = text.slice(nameStart, nameEnd);
    let head = this.halves.get(this.pid);
    if (head?.call.name !== name) head = undefined;
    const call = head?.call ?? this.#names.get(name);
    if (call === undefined) return false;
    const { spec } = call;
    if (spec === undefined) {
      this.#passOver();
      return true;
    }
    if (!head?.waiting) head = this.#movedHead(name);
    if (head === undefined) {
      this.#isEvent();
      this.#sink.headless(spec, close + 1);
      return true;
    }
    head.waiting = false;
    if (this.#atEnd && CUT_RESULT.test(text.slice(close + 1, end))) this.#cut(head);
    else if (this.#sink.joined(spec, head, close + 1)) this.#isEvent();
    else if (this.#atEnd) this.#cut(head);
    else this.#sink.unparsed('the call does not end');
    return true;
  }

  /** A thread's execve ends under its leader's pid; with --quiet=thread-execve no line has said so. */
  #movedHead(name: string): Half<Spec> | undefined {
    if (name !== 'execve' && name !== 'execveat') return undefined;
    for (const half of this.halves.values()) {
      if (half.waiting && half.call.name === name && half.movesTo === this.pid) {
        half.superseded = true;
        return half;
      }
    }
    return undefined;
  }

  #plus(text: string, at: number): boolean {
    if (!text.startsWith(' +++', this.lineEnd - 4)) return false;
    if (text.startsWith('exited with ', at)) this.#gone('exited');
    else if (text.startsWith('killed by ', at)) this.#gone('killed');
    else if (text.startsWith('superseded by execve in pid ', at)) {
      const thread = Number.parseInt(text.slice(at + 28, at + 40), 10);
      const own = this.halves.get(this.pid);
      const head = this.halves.get(thread);
      if (own !== undefined && own !== head) this.#lose(own);
      this.#other('superseded');
      if (head?.waiting) {
        this.halves.delete(thread);
        head.superseded = true;
        this.halves.set(this.pid, head);
      }
    } else return false;
    return true;
  }

  #gone(kind: 'exited' | 'killed'): void {
    const half = this.halves.get(this.pid);
    if (half !== undefined) {
      this.#lose(half);
      this.halves.delete(this.pid);
    }
    this.bare.ended(this.pid);
    this.#other(kind);
  }

  #other(kind: OtherLine): void {
    this.#isEvent();
    this.#sink.other(kind);
  }

  /** Lines that are rare or foreign; nothing here needs to be fast. */
  #oddLine(text: string, at: number): void {
    const line = text.slice(this.#ownStart, this.lineEnd);
    // Before it may be the rest of a call.
    if (this.#layers.length < this.#lastLayers && this.#strip(line)) return;
    if (this.broken !== undefined && this.#goesOn(this.broken)) return;
    if (line.includes(ESCAPE)) {
      this.#plainLine();
      return;
    }
    if (text.startsWith('[ Process PID=', at)) {
      this.#other('personality');
      return;
    }
    if (at > this.#ownStart && isWord(text.charCodeAt(this.#ownStart))) {
      if (text.slice(at, this.lineEnd) === DETACHED.trim()) {
        this.#other('message');
        return;
      }
      if (this.#sink.nameless(at)) {
        this.#isEvent();
        return;
      }
    }
    if (this.#followsHalf()) return;
    // Numbers at its beginning are none of strace's times.
    this.time = undefined;
    this.clock.undo();
    const kind = this.#odd.classify(line);
    if (kind !== undefined) {
      if (kind === 'message') this.bare.heard(line, this.lineNumber === 1);
      this.bodyStart = this.#ownStart;
      this.#other(kind);
    } else if ((!this.#passedOver || !this.#isTail(line)) && !this.#strip(line)) {
      if (this.#atEnd && BEGINNING.test(text.slice(at, this.lineEnd))) this.#sink.cut();
      else this.#sink.unparsed(FOREIGN);
    }
  }

  /** Try what comes after the next prefix that strace has not printed. */
  #strip(line: string): boolean {
    const found = this.#strips && this.#layers.length < LAYERS_MAX ? foreignPrefix(line) : undefined;
    if (found === undefined) return false;
    this.#layers.push(found.kind);
    this.clock.undo();
    this.#readOwn(this.text, this.#ownStart + found.length, this.lineEnd);
    return true;
  }

  /** Whether this looks like the rest of a call that nobody wants. */
  #isTail(line: string): boolean {
    return CONTINUATION.test(line.slice(0, 20)) || this.#sink.nameless(this.#ownStart);
  }

  /** strace before 6.2, with -z or -Z, prints a second half right after the first, without saying whose it is. */
  #followsHalf(): boolean {
    const half = this.#lastBegun;
    const spec = half?.call.spec;
    if (half === undefined || spec === undefined || !half.waiting || half.line !== this.lineNumber - 1)
      return false;
    this.pid = half.pid;
    this.bodyStart = this.#ownStart;
    if (!this.#sink.joined(spec, half, this.#ownStart)) return false;
    half.waiting = false;
    this.#isEvent();
    return true;
  }

  /** The line at hand again, without colours. */
  #plainLine(): void {
    const plain = stripColor(this.text.slice(this.lineStart, this.lineEnd));
    if (plain.includes(ESCAPE)) {
      this.#sink.unparsed(FOREIGN);
      return;
    }
    const { text, textOffset, lineStart } = this;
    this.text = plain;
    this.textOffset = textOffset + lineStart;
    this.clock.undo();
    this.#read(plain, 0, plain.length);
    for (const half of this.#fresh) if (half.waiting && half.text === plain) half.detach();
    this.text = text;
    this.textOffset = textOffset;
  }

  #dropBroken(): void {
    const half = this.broken;
    this.broken = undefined;
    if (half !== undefined) this.#sink.unparsed('the call does not end', half);
  }
}
