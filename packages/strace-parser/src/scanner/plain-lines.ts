import type { AccessModel } from '../accesses/access-model.js';
import { type AtFlags, parseAtFlags } from '../accesses/at-flags.js';
import { CALLS, type CallSpec } from '../accesses/call-table.js';
import type { AskedPath, OpenMode } from '../accesses/file-access.js';
import { actionOf, followOf, parseOpenMode } from '../accesses/open-mode.js';
import type { LogReader } from '../lines/log-reader.js';
import { Directory, isMemory, KERNEL_ROOT, resolve } from '../processes/directory.js';
import { throughProc } from '../processes/proc-path.js';
import type { FileSystemView } from '../processes/process-state.js';
import { encodeBytes } from '../text/decode-bytes.js';
import { durationAtEnd } from '../text/duration.js';
import type { Scanner } from './scanner.js';
import {
  Field,
  FRESH,
  Memory,
  NO_TIME,
  Report,
  Shape,
  Stop,
  TO_END,
  TO_NEXT,
  TO_SLOT,
  Waiting,
} from './scanner-layout.js';

/** One more, for texts that are too long to be remembered. */
const SLOTS = Memory.MemoSlots + Memory.MemoWordSlots + 1;

/** To ask for a line in vain costs what two lines gain. After so many in vain, those around are read in full as well. */
const WORTH = 2;
const PATIENCE = 32;
/** To tell the scanner of all that wait takes longer than it gains where there are so many. */
const HALVES_MAX = 1000;

/**
 * What the calls that the scanner has read mean for paths. Whatever is not plain enough for it, `LogReader` and the
 * model read in full; both must find the same.
 */
export class PlainLines {
  /** A line was left for `LogReader`. */
  #left = false;
  /** The scanner has been made to forget all threads. */
  #released = false;
  #patience = PATIENCE;
  // What the texts in the slots of the memo mean.
  readonly #paths: AskedPath[] = new Array(SLOTS).fill('');
  readonly #bases: Array<Directory | undefined> = new Array(SLOTS).fill(undefined);
  readonly #notes: Array<Directory | undefined> = new Array(SLOTS).fill(undefined);
  readonly #words: unknown[] = new Array(SLOTS).fill(undefined);

  constructor(
    private readonly reader: LogReader<CallSpec>,
    private readonly model: AccessModel,
    private readonly scanner: Scanner,
  ) {}

  /** What is known of a name that has been seen for the first time. */
  learn(name: string, spec: CallSpec | undefined): void {
    const code =
      spec === undefined ? Shape.Passed : (spec.index << 4) | (spec.at ? Shape.At : 0) | spec.shape;
    const { scanner } = this;
    encodeBytes(name, scanner.bytes, Memory.Scratch);
    scanner.learn(name.length, code);
  }

  /**
   * Read on until so many accesses have been found, or the next line must be read in full, or is not all there.
   *
   * @param wanted  no more than `RecordsMax`
   */
  advance(wanted: number): void {
    const { broken, window, halves } = this.reader;
    if (broken !== undefined || !window.isHome || halves.size > HALVES_MAX) this.#release();
    else if (!this.isIdle) this.#scan(wanted);
  }

  #scan(wanted: number): void {
    const { reader, scanner, model } = this;
    const { window } = reader;
    this.#resume();
    while (model.out.length < wanted) {
      const count = scanner.scan(
        window.start,
        window.end,
        reader.bare.pid,
        reader.lineNumber + 1,
        wanted - model.out.length,
      );
      for (let i = 0; i < count; i++) {
        const at = (Memory.Records + i * Memory.RecordBytes) >> 2;
        if (!this.#take(at)) this.#inFull(at);
      }
      window.start = this.#report(Report.Position);
      const lines = this.#report(Report.Lines);
      reader.passed(lines, this.#report(Report.Events));
      const stop = this.#report(Report.Stop);
      if (stop !== Stop.Wanted) {
        if (stop !== Stop.Incomplete) this.#leave(stop, lines);
        return;
      }
    }
  }

  /** The next line is not for the scanner, after so many that were. */
  #leave(stop: Stop, lines: number): void {
    this.#left = true;
    this.#patience = Math.min(PATIENCE, this.#patience + lines / WORTH - 1);
    // A new `[pid N]` may concern whoever had no number so far.
    const isKnown = this.reader.bare.knows(this.#report(Report.Pid));
    if (stop === Stop.Any || this.isIdle || !isKnown) this.#release();
    else this.#handOver(this.#report(Report.Thread) >> 2);
  }

  /** The log is not of plain lines, at least here: it is not worth asking for each. */
  get isIdle(): boolean {
    return this.#patience < 0;
  }

  /** The window is about to be overwritten. */
  renew(): void {
    this.#release();
    this.#patience = PATIENCE;
  }

  /** Others read on: they take over the first halves that wait, and the scanner forgets all threads. */
  #release(): void {
    this.#released = true;
    if (this.#report(Report.Threads) === 0) return;
    const { numbers } = this.scanner;
    for (let at = Memory.Threads; at < Memory.Memo; at += Memory.RecordBytes) this.#handOver(at >> 2);
    numbers.fill(0, Memory.Threads >> 2, Memory.Memo >> 2);
    numbers[Report.Threads] = 0;
  }

  /** What was left has been read: the scanner must know who waits there. */
  #resume(): void {
    const { halves } = this.reader;
    if (this.#released) for (const [pid, half] of halves) if (half.waiting) this.#mark(pid, true);
    if (this.#left) {
      const pid = this.#report(Report.Pid);
      this.#mark(pid, halves.get(pid)?.waiting === true);
    }
    this.#released = this.#left = false;
  }

  #mark(pid: number, waits: boolean): void {
    this.scanner.mark(pid, waits, this.reader.bare.knows(pid));
  }

  #report(field: Report): number {
    return this.scanner.numbers[field] as number;
  }

  /** The first half of this thread, if it waits. */
  #handOver(at: number): void {
    const { reader, scanner } = this;
    if (scanner.numbers[at + Field.State] !== Waiting.Here) return;
    scanner.numbers[at + Field.State] = Waiting.There;
    const start = scanner.numbers[at + Field.LineStart] as number;
    const text = reader.window.text(start, scanner.numbers[at + Field.LineEnd] as number);
    reader.readAgain(text, this.#lineOf(at), reader.window.offset + start, this.#timeIn(at + Field.Time));
  }

  /** @returns  false, without having done anything, if there is more to it than a plain call */
  #take(at: number): boolean {
    const { scanner, model } = this;
    const { numbers, bytes } = scanner;
    const process = model.processes.of(numbers[at + Field.Pid] as number);
    this.#setTimes(at);
    if (process.waiting !== undefined) return false;
    const { view } = process;
    const spec = this.#specOf(at);

    let mode: OpenMode | undefined;
    let { action, follow } = spec;
    let emptyPath = false;
    if (spec.shape === Shape.Mode) {
      mode = this.#wordIn(at + Field.Flags, readMode);
      if (mode === undefined) return false;
      follow = followOf(mode);
      action = actionOf(mode);
    } else if (spec.shape !== Shape.Status && spec.shape !== Shape.Program) {
      const flags = this.#wordIn(at + Field.Flags, readFlags);
      if (flags === undefined) return false;
      if (spec.shape === Shape.StatusFlags) {
        follow = flags.follow ?? follow;
        emptyPath = flags.emptyPath;
      }
    }
    const result = numbers[at + Field.Result] as number;
    const errno = result < 0 ? this.#wordIn(at + Field.Shown, String) : undefined;

    const hasPath = (numbers[at + Field.Path + TO_SLOT] as number) >= 0;
    let base = this.#baseIn(at, view);
    if (base === undefined) return false;
    if (!hasPath) {
      if (!emptyPath || numbers[at + Field.AtCwd] !== 0) return false;
      const own = this.#pathIn(at + Field.Note, KERNEL_ROOT);
      model.record(own, own, action, follow, errno, spec, process, this.#lineOf(at), mode);
      return true;
    }
    if (bytes[numbers[at + Field.Path] as number] === SLASH) base = view.root;
    const asked = this.#pathIn(at + Field.Path, base);
    const path = throughProc(asked, follow, process, model.processes);

    let realPath: AskedPath | undefined;
    if (mode !== undefined && result >= 0) {
      if (numbers[at + Field.Shown] !== 0) {
        realPath = this.#realPathIn(at, asked, base);
        if (isMemory(realPath)) return false;
      }
      process.open(result, realPath ?? path, mode.closeOnExec);
    }
    model.record(path, realPath, action, follow, errno, spec, process, this.#lineOf(at), mode);
    return true;
  }

  /** The directory that the name is below, if it is relative; undefined: strace does not show it. */
  #baseIn(at: number, view: FileSystemView): Directory | undefined {
    const { numbers } = this.scanner;
    const isCwd = numbers[at + Field.AtCwd] !== 0;
    if ((numbers[at + Field.Note + TO_SLOT] as number) < 0) return isCwd ? view.cwd : undefined;
    const base = this.#noteIn(at + Field.Note);
    if (!isCwd) return isMemory(base.path) ? undefined : base;
    if (base.path !== view.cwd.path) view.cwd = base;
    return view.cwd;
  }

  /** When it began and ended, and how long it took. */
  #setTimes(at: number): void {
    const { model, scanner } = this;
    model.at(this.#timeIn(at + Field.Time), this.#timeIn(at + Field.EndTime));
    const end = scanner.numbers[at + Field.End] as number;
    // To look at a byte is much less than to make a text.
    model.duration =
      scanner.bytes[end - 1] === GREATER
        ? durationAtEnd(this.reader.window.text(end - LONGEST_DURATION, end), LONGEST_DURATION)
        : undefined;
  }

  #timeIn(field: number): number | undefined {
    const time = this.scanner.floats[field >> 1] as number;
    return time === NO_TIME ? undefined : time;
  }

  #inFull(at: number): void {
    const { numbers } = this.scanner;
    for (let field = Field.Path; field <= Field.Shown; field += TO_NEXT)
      this.#forget(numbers[at + field + TO_SLOT] as number);
    const { window } = this.reader;
    const tailStart = numbers[at + Field.TailStart] as number;
    const bodyEnd = numbers[at + Field.BodyEnd] as number;
    const head = window.text((numbers[at + Field.NameEnd] as number) + 1, bodyEnd);
    const text = tailStart === 0 ? head : head + window.text(tailStart, numbers[at + Field.End] as number);
    this.model.call(
      this.#specOf(at),
      numbers[at + Field.Pid] as number,
      this.#lineOf(at),
      text,
      0,
      text.length,
    );
  }

  #specOf(at: number): CallSpec {
    return CALLS[(this.scanner.numbers[at + Field.Code] as number) >> 4] as CallSpec;
  }

  #lineOf(at: number): number {
    return this.scanner.floats[(at + Field.Line) >> 1] as number;
  }

  #textAt(field: number): string {
    const { numbers } = this.scanner;
    return this.reader.window.text(numbers[field] as number, numbers[field + TO_END] as number);
  }

  /** What a name means below `base`. Only what was seen before is kept: most names of a long log are never seen again. */
  #pathIn(field: number, base: Directory): AskedPath {
    const slot = this.scanner.numbers[field + TO_SLOT] as number;
    if (slot < FRESH && this.#bases[slot] === base) return this.#paths[slot] as AskedPath;
    const path = resolve(this.#textAt(field), base);
    if (slot < FRESH) this.#keep(slot, path, base);
    else this.#forget(slot);
    return path;
  }

  /** The directory in an annotation, likewise. */
  #noteIn(field: number): Directory {
    const slot = this.scanner.numbers[field + TO_SLOT] as number;
    const known = slot < FRESH ? this.#notes[slot] : undefined;
    if (known !== undefined) return known;
    const note = new Directory(this.#pathIn(field, KERNEL_ROOT));
    if (slot < FRESH) this.#notes[slot] = note;
    return note;
  }

  /** What the kernel has opened. Most names are not links: then it is what was asked for. */
  #realPathIn(at: number, asked: AskedPath, base: Directory): AskedPath {
    const { numbers } = this.scanner;
    const slot = numbers[at + Field.Shown + TO_SLOT] as number;
    const askedSlot = (numbers[at + Field.Path + TO_SLOT] as number) & (FRESH - 1);
    if (slot !== askedSlot || base !== KERNEL_ROOT) return this.#pathIn(at + Field.Shown, KERNEL_ROOT);
    this.#keep(slot, asked, base);
    return asked;
  }

  #keep(slot: number, path: AskedPath, base: Directory): void {
    this.#paths[slot] = path;
    this.#bases[slot] = base;
  }

  /** What flags or an error mean. */
  #wordIn<T>(field: number, read: (text: string) => T): T | undefined {
    const slot = this.scanner.numbers[field + TO_SLOT] as number;
    if (slot < 0) return undefined;
    const index = slot & (FRESH - 1);
    if (slot >= FRESH || this.#words[index] === undefined) this.#words[index] = read(this.#textAt(field));
    return this.#words[index] as T;
  }

  /** What was known of a text whose place another one has. */
  #forget(slot: number): void {
    if (slot < 0) return;
    const index = slot & (FRESH - 1);
    this.#bases[index] = undefined;
    this.#notes[index] = undefined;
    this.#words[index] = undefined;
  }
}

function readMode(text: string): OpenMode | undefined {
  return /^[A-Z_|]+(?:, \d+)?$/.test(text) ? parseOpenMode(text) : undefined;
}

function readFlags(text: string): AtFlags | undefined {
  return /^[A-Z0-9_|x]+$/.test(text) ? parseAtFlags(text) : undefined;
}

const SLASH = 47;
const GREATER = 62;
/** ` <1234567.123456789>`: in bytes. Before the log there are more of other things. */
const LONGEST_DURATION = 32;
