import { type Collector, Finds } from '../finds.js';
import { STEP_BYTES, type TraceInput } from '../input.js';
import { findArgumentsEnd, findUnbalancedEnd, wholeArguments } from '../lines/find-arguments-end.js';
import type { Half } from '../lines/half.js';
import { LogReader, type LogSink, type OtherLine, type ReaderOptions } from '../lines/log-reader.js';
import { type OtherEvent, parseOtherLine } from '../lines/other-line.js';
import { parsePrefix } from '../lines/parse-prefix.js';
import { joinSlices } from '../text/detach.js';
import { type CallPart, type StraceEvent, SyscallEvent } from './events.js';

/**
 * The events of a log, in the order in which they end: a call that others interrupt comes when it returns.
 *
 * Never throws on what a log holds; a line that cannot be read is an `unparsed` event. Errors of the input
 * itself are passed on.
 *
 * @param input    any chunking; memory stays constant whatever its size
 * @param options  `pid` where the lines name none (-ff, or no -f)
 * @example
 * for await (const event of parseStrace(createReadStream('app.strace'))) {
 *   if (event.kind === 'syscall' && event.result?.errno === 'EACCES') console.log(event.line, event.name);
 * }
 */
export function parseStrace(input: TraceInput, options: ReaderOptions = {}): EventReader {
  return new Finds(input, new EventSink(options));
}

/** The events of one log. Iterate once, in either way. */
export interface EventReader extends AsyncIterableIterator<StraceEvent> {
  /** The same events in arrays, of a few dozen each: waiting for every single one takes longer than reading it. */
  batches(): AsyncIterable<readonly StraceEvent[]>;
}

/** What the sink remembers of a name: the name itself. */
class EventSink implements LogSink<string>, Collector<StraceEvent> {
  found: StraceEvent[] = [];
  private readonly reader: LogReader<string>;

  constructor(options: ReaderOptions) {
    this.reader = new LogReader(this, options);
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    this.reader.window.push(bytes, start, end);
  }

  advance(wanted: number): void {
    while (this.found.length < wanted && this.reader.next(STEP_BYTES));
  }

  finish(): void {
    this.reader.finish();
  }

  describe(name: string): string {
    return name;
  }

  begun(name: string, head: Half<string>): void {
    if (!FORKS.has(name)) return;
    const { reader } = this;
    this.found.push({
      ...this.#base(reader.text.slice(reader.bodyStart, reader.lineEnd)),
      kind: 'forking',
      pid: head.pid,
      name,
      argumentsText: head.argumentsText,
    });
  }

  call(name: string, nameEnd: number): boolean {
    const { text, bodyStart, lineEnd, pid } = this.reader;
    const call = joinSlices(text.slice(bodyStart, nameEnd), text.slice(nameEnd, lineEnd));
    const start = nameEnd + 1 - bodyStart;
    let argumentsEnd = findArgumentsEnd(call, start, call.length);
    if (argumentsEnd < 0) argumentsEnd = findUnbalancedEnd(call, start);
    if (argumentsEnd < 0) return false;
    const part = this.reader.part(bodyStart, lineEnd);
    this.found.push(new SyscallEvent(name, pid, 'whole', call, argumentsEnd, [part]));
    return true;
  }

  joined(name: string, head: Half<string>, tailStart: number): boolean {
    const { reader } = this;
    const text = joinSlices(
      head.text.slice(head.bodyStart, head.bodyEnd),
      reader.text.slice(tailStart, reader.lineEnd),
    );
    const argumentsEnd = findArgumentsEnd(text, name.length + 1, text.length);
    if (argumentsEnd < 0) return false;
    const parts = [...partsOf(head), reader.part(tailStart, reader.lineEnd)];
    const { pid, superseded } = head;
    this.found.push(new SyscallEvent(name, reader.pid, 'whole', text, argumentsEnd, parts, pid, superseded));
    return true;
  }

  headless(name: string, tailStart: number): void {
    const { reader } = this;
    const text = `${name}(${reader.text.slice(tailStart, reader.lineEnd)}`;
    const argumentsEnd = findArgumentsEnd(text, name.length + 1, text.length);
    if (argumentsEnd < 0) this.unparsed('the call does not end');
    else {
      const part = reader.part(tailStart, reader.lineEnd);
      this.found.push(new SyscallEvent(name, reader.pid, 'headless', text, argumentsEnd, [part]));
    }
  }

  nameless(tailStart: number): boolean {
    const { reader } = this;
    const text = `(${reader.text.slice(tailStart, reader.lineEnd)}`;
    const argumentsEnd = findArgumentsEnd(text, 1, text.length);
    if (argumentsEnd < 0) return false;
    const part = reader.part(tailStart, reader.lineEnd);
    this.found.push(new SyscallEvent('', reader.pid, 'headless', text, argumentsEnd, [part]));
    return true;
  }

  lost(name: string, head: Half<string>): void {
    const text = head.text.slice(head.bodyStart, head.bodyEnd);
    this.found.push(new SyscallEvent(name, head.pid, 'unfinished', text, text.length, partsOf(head)));
  }

  other(kind: OtherLine): void {
    const { reader } = this;
    const text = reader.text.slice(reader.bodyStart, reader.lineEnd);
    const details = parseOtherLine(kind, text);
    if (details === undefined) this.unparsed('not a line of strace');
    else this.found.push({ ...this.#base(text), ...details } as StraceEvent & OtherEvent);
  }

  cut(half?: Half<string>): void {
    const { reader } = this;
    const { text, start, line, byteOffset, time } =
      half?.asPart() ?? reader.part(reader.bodyStart, reader.lineEnd);
    this.found.push({
      kind: 'cut',
      line,
      byteOffset,
      time,
      pid: (half ?? reader).pid,
      prefix: parsePrefix(text, 0, start),
      text: text.slice(start),
      name: half?.call.name,
      argumentsText: half && wholeArguments(half.argumentsText),
    });
  }

  unparsed(reason: string, half?: Half<string>): void {
    const { reader } = this;
    const { line, byteOffset, text } = half?.asPart() ?? reader.part(reader.lineStart, reader.lineEnd);
    const { pid } = half ?? reader;
    this.found.push({ kind: 'unparsed', line, byteOffset, pid, prefix: {}, text, reason });
  }

  named(): void {
    this.found.push({ ...this.#base(''), kind: 'named' });
  }

  #base(text: string) {
    const { reader } = this;
    const { time } = reader;
    const base = {
      line: reader.lineNumber,
      byteOffset: reader.textOffset + reader.lineStart,
      pid: reader.pid,
      prefix: parsePrefix(reader.text, reader.lineStart, reader.bodyStart),
      text,
    };
    return time === undefined ? base : { ...base, time };
  }
}

const FORKS: ReadonlySet<string> = new Set(['clone', 'clone2', 'clone3', 'fork', 'vfork']);

function partsOf(head: Half<string>): readonly CallPart[] {
  return head.pieces ?? [head.asPart()];
}
