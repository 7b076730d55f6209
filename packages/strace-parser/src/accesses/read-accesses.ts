import { type Collector, Finds } from '../finds.js';
import { STEP_BYTES, type TraceInput } from '../input.js';
import { Clock } from '../lines/clock.js';
import { findArgumentsEnd, wholeArguments } from '../lines/find-arguments-end.js';
import type { ForeignPrefix } from '../lines/foreign-prefix.js';
import type { Half } from '../lines/half.js';
import { LineWindow } from '../lines/line-window.js';
import { LogReader, type LogSink, type OtherLine, type ReaderOptions } from '../lines/log-reader.js';
import { type ProcessEnd, parseExitGroup, parsePlusLine } from '../lines/process-end.js';
import type { TracedProcess } from '../processes/traced-process.js';
import { PlainLines } from '../scanner/plain-lines.js';
import { endScanner, loadScanner, type Scanner, startScanner } from '../scanner/scanner.js';
import { Memory, Report } from '../scanner/scanner-layout.js';
import { detach, joinSlices } from '../text/detach.js';
import { AccessModel, type AccessOptions } from './access-model.js';
import { type CallSpec, findCall } from './call-table.js';
import type { FileAccess } from './file-access.js';

/** A line that is not strace's, or not whole. */
export interface UnparsedLine {
  /** From 1. */
  readonly line: number;
  readonly byteOffset: number;
  readonly reason: string;
  /** Its first 200 bytes. */
  readonly text: string;
}

/** What a log was like as a whole. */
export interface AccessSummary {
  readonly lines: number;
  /** Calls (two halves are one), signals, exits and strace's own lines. */
  readonly events: number;
  readonly unparsed: number;
  /** The first ten of them. */
  readonly unparsedLines: readonly UnparsedLine[];
  /** The last line, if the log ends in the middle of it. */
  readonly cut?: UnparsedLine | undefined;
  /** The program that wrote the log, if it is another than strace and has a known look: `perf trace`. */
  readonly foreign?: string | undefined;
  /** On how many lines something was passed over that others had put before what strace printed, by what it was. */
  readonly stripped: ReadonlyMap<ForeignPrefix, number>;
  /** Accesses left out because the log does not show what directory a descriptor is. */
  readonly unresolved: number;
  /** How many io_urings were set up. What is opened through one is not in the log. */
  readonly ioUrings: number;
  /** How each process and thread ended, as far as the log tells; the first that is known of it stands first. */
  readonly exits: ReadonlyMap<number, ProcessEnd>;
  /**
   * Those that executed something, made another, or were made, in the order in which they were first met. In a log
   * without pids the number is 0.
   */
  readonly processes: readonly TracedProcess[];
  /** The last line has no newline: strace was killed, or the log is still being written. */
  readonly endsInLine: boolean;
}

/** The accesses of one log. Iterate once, in either way; then `summary` is there. */
export interface AccessReader extends AsyncIterable<FileAccess> {
  /** The same accesses in arrays, of a few dozen each. */
  batches(): AsyncIterable<readonly FileAccess[]>;
  /** @throws Error  before the iteration is over */
  readonly summary: AccessSummary;
}

const NAMED_UNPARSED = 10;

/**
 * The file accesses of a log, by the fast path: lines that touch no path and change no process are passed
 * over without building anything. Gives the same as `fileAccesses(parseStrace(input))`.
 *
 * @param input    any chunking; memory stays constant whatever its size
 * @param options  where processes start, as far as the log does not show it; `pid` where it names none
 * @example
 * const reader = readAccesses(createReadStream('app.strace'));
 * for await (const access of reader) seen.add(access.path);
 * reader.summary.unparsed // 0
 */
export function readAccesses(input: TraceInput, options: AccessOptions & ReaderOptions = {}): AccessReader {
  return new Reader(input, options);
}

class Reader implements AccessReader {
  readonly #sink: AccessSink;

  constructor(
    private readonly input: TraceInput,
    options: AccessOptions & ReaderOptions,
  ) {
    this.#sink = new AccessSink(options);
  }

  get summary(): AccessSummary {
    const { summary } = this.#sink;
    if (summary === undefined) throw new Error('the log has not been read to its end yet');
    return summary;
  }

  batches(): AsyncIterable<readonly FileAccess[]> {
    return new Finds(this.input, this.#sink).batches(Memory.RecordsMax);
  }

  [Symbol.asyncIterator](): AsyncIterator<FileAccess> {
    return new Finds(this.input, this.#sink);
  }
}

class AccessSink implements LogSink<CallSpec>, Collector<FileAccess> {
  summary: AccessSummary | undefined = undefined;
  private readonly model: AccessModel;
  private reader!: LogReader<CallSpec>;
  #scanner: Scanner | undefined;
  #plain: PlainLines | undefined;
  readonly #options: ReaderOptions;
  readonly #exits = new Map<number, ProcessEnd>();
  readonly #unparsedLines: UnparsedLine[] = [];
  #unparsedCount = 0;
  #cut: UnparsedLine | undefined;

  constructor(options: AccessOptions & ReaderOptions) {
    this.model = new AccessModel(options);
    this.#options = options;
  }

  async prepare(): Promise<void> {
    await loadScanner();
    const scanner = startScanner();
    this.#scanner = scanner;
    if (scanner === undefined) this.reader = new LogReader(this, this.#options);
    else {
      const window = new LineWindow(scanner.bytes, Memory.Window);
      const clock = new Clock(scanner.floats.subarray(Report.Clock >> 1));
      this.reader = new LogReader(this, this.#options, window, clock);
      this.#plain = new PlainLines(this.reader, this.model, scanner);
    }
  }

  get found(): FileAccess[] {
    return this.model.out;
  }

  set found(list: FileAccess[]) {
    this.model.out = list;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.#plain?.renew();
    this.reader.window.push(bytes, start, end);
  }

  advance(wanted: number): void {
    const { reader } = this;
    for (;;) {
      const plain = reader.isIntroduced ? this.#plain : undefined;
      plain?.advance(wanted);
      if (this.found.length >= wanted || !reader.next(plain?.isIdle === false ? 0 : STEP_BYTES)) return;
    }
  }

  finish(): void {
    const { reader, model } = this;
    this.#plain?.renew();
    reader.finish();
    model.processes.settleAll();
    this.summary = {
      lines: reader.lineNumber,
      events: reader.eventCount,
      unparsed: this.#unparsedCount,
      unparsedLines: this.#unparsedLines,
      cut: this.#cut,
      foreign: reader.foreign,
      stripped: reader.stripped,
      unresolved: model.unresolved,
      ioUrings: model.rings,
      exits: this.#exits,
      processes: model.processes.genealogy.list(),
      endsInLine: reader.endsInLine,
    };
    this.#plain = undefined;
    endScanner(this.#scanner);
  }

  describe(name: string): CallSpec | undefined {
    const spec = findCall(name);
    this.#plain?.learn(name, spec);
    return spec;
  }

  call(spec: CallSpec, nameEnd: number): boolean {
    const { reader } = this;
    if (spec.kind === 'exit') this.#exit(reader.text, nameEnd, reader.lineEnd);
    this.model.at(reader.time);
    return this.model.call(spec, reader.pid, reader.lineNumber, reader.text, nameEnd + 1, reader.lineEnd);
  }

  begun(spec: CallSpec, head: Half<CallSpec>): void {
    if (spec.kind === 'fork') this.model.processes.enterFork(head.pid, head.argumentsText);
    else if (spec.kind === 'exit') this.#exit(head.text, head.nameEnd + 1, head.bodyEnd);
  }

  joined(spec: CallSpec, head: Half<CallSpec>, tailStart: number): boolean {
    const { reader } = this;
    const { pid, line, superseded } = head;
    const text = joinSlices(head.argumentsText, reader.text.slice(tailStart, reader.lineEnd));
    this.model.at(head.time, reader.time);
    return this.model.call(spec, reader.pid, line, text, 0, text.length, pid, superseded);
  }

  headless(): void {}

  nameless(tailStart: number): boolean {
    const { text, lineEnd } = this.reader;
    return findArgumentsEnd(text, tailStart, lineEnd) >= 0;
  }

  lost(spec: CallSpec, head: Half<CallSpec>): void {
    this.model.at(head.time);
    this.model.lost(spec, head.pid, head.line, head.argumentsText);
  }

  other(kind: OtherLine): void {
    if (kind !== 'exited' && kind !== 'killed' && kind !== 'superseded') return;
    const { reader } = this;
    const line = reader.text.slice(reader.bodyStart, reader.lineEnd);
    const end = parsePlusLine(line);
    if (typeof end === 'number') this.model.processes.supersede(reader.pid, end);
    else if (end !== undefined) {
      this.#exits.set(reader.pid, end);
      this.model.processes.ended(reader.pid);
    }
  }

  unparsed(reason: string, half?: Half<CallSpec>): void {
    this.#unparsedCount++;
    if (this.#unparsedLines.length < NAMED_UNPARSED) this.#unparsedLines.push(this.#lineOf(reason, half));
  }

  cut(half?: Half<CallSpec>): void {
    this.#cut = this.#lineOf('cut');
    const spec = half?.call.spec;
    if (half === undefined || spec === undefined) return;
    this.model.at(half.time);
    this.model.lost(spec, half.pid, half.line, wholeArguments(half.argumentsText));
  }

  #lineOf(reason: string, half?: Half<CallSpec>): UnparsedLine {
    const { reader } = this;
    const { text, lineStart, lineEnd } = half ?? reader;
    return {
      line: half?.line ?? reader.lineNumber,
      byteOffset: half?.offset ?? reader.textOffset + reader.lineStart,
      reason,
      text: detach(text.slice(lineStart, Math.min(lineEnd, lineStart + 200))),
    };
  }

  named(pid: number): void {
    this.model.processes.supersede(pid, 0);
  }

  #exit(text: string, nameEnd: number, end: number): void {
    const start = nameEnd + 1;
    const status = parseExitGroup(text.slice(start, Math.min(end, start + 24)));
    if (status === undefined) return;
    const { pid } = this.reader;
    this.#exits.set(pid, status);
    // exit_group ends all threads, whichever calls it.
    if (text.startsWith('exit_group', nameEnd - 'exit_group'.length))
      this.#exits.set(this.model.processes.genealogy.processOf(pid), status);
  }
}
