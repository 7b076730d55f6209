import { type CallPart, type StraceEvent, SyscallEvent } from './events.js';
import { findArgumentsEnd } from './find-arguments-end.js';
import { PIECE_BYTES, type TraceInput, toChunks } from './input.js';
import { type Half, LogReader, type LogSink, type OtherLine, type ReaderOptions } from './log-reader.js';
import { oneByOne } from './one-by-one.js';
import { type OtherEvent, parseOtherLine } from './other-line.js';
import { parsePrefix } from './parse-prefix.js';

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
export function parseStrace(
  input: TraceInput,
  options: ReaderOptions = {},
): AsyncIterableIterator<StraceEvent> {
  return oneByOne(eventBatches(input, options));
}

async function* eventBatches(input: TraceInput, options: ReaderOptions): AsyncGenerator<StraceEvent[]> {
  const sink = new EventSink(options);
  for await (const chunk of toChunks(input)) {
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      sink.reader.push(chunk, start, Math.min(chunk.length, start + PIECE_BYTES));
      yield sink.take();
    }
  }
  sink.reader.finish();
  yield sink.take();
}

/** What the sink remembers of a name: the name itself. */
class EventSink implements LogSink<string> {
  readonly reader: LogReader<string>;
  private events: StraceEvent[] = [];

  constructor(options: ReaderOptions) {
    this.reader = new LogReader(this, options);
  }

  take(): StraceEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  describe(name: string): string {
    return name;
  }

  begun(name: string, head: Half<string>): void {
    if (!FORKS.has(name)) return;
    const { reader } = this;
    this.events.push({
      ...this.base(reader.text.slice(reader.bodyStart, reader.lineEnd)),
      kind: 'forking',
      pid: head.pid,
      name,
      argumentsText: head.text.slice(head.nameEnd + 1, head.bodyEnd),
    });
  }

  call(name: string, nameEnd: number): boolean {
    const { text, bodyStart, lineStart, lineEnd, pid } = this.reader;
    const argumentsEnd = findArgumentsEnd(text, nameEnd + 1, lineEnd);
    if (argumentsEnd < 0) return false;
    const call = text.slice(bodyStart, lineEnd);
    const part = this.part(bodyStart - lineStart);
    this.events.push(new SyscallEvent(name, pid, 'whole', call, argumentsEnd - bodyStart, [part]));
    return true;
  }

  joined(name: string, head: Half<string>, tailStart: number): boolean {
    const { reader } = this;
    const text = head.text.slice(head.bodyStart, head.bodyEnd) + reader.text.slice(tailStart, reader.lineEnd);
    const argumentsEnd = findArgumentsEnd(text, name.length + 1, text.length);
    if (argumentsEnd < 0) return false;
    const parts = [...partsOf(head), this.part(tailStart - reader.lineStart)];
    const { pid, superseded } = head;
    this.events.push(new SyscallEvent(name, reader.pid, 'whole', text, argumentsEnd, parts, pid, superseded));
    return true;
  }

  headless(name: string, tailStart: number): void {
    const { reader } = this;
    const text = `${name}(${reader.text.slice(tailStart, reader.lineEnd)}`;
    const argumentsEnd = findArgumentsEnd(text, name.length + 1, text.length);
    if (argumentsEnd < 0) this.unparsed('the call does not end');
    else {
      const part = this.part(tailStart - reader.lineStart);
      this.events.push(new SyscallEvent(name, reader.pid, 'headless', text, argumentsEnd, [part]));
    }
  }

  nameless(tailStart: number): boolean {
    const { reader } = this;
    const text = `(${reader.text.slice(tailStart, reader.lineEnd)}`;
    const argumentsEnd = findArgumentsEnd(text, 1, text.length);
    if (argumentsEnd < 0) return false;
    const part = this.part(tailStart - reader.lineStart);
    this.events.push(new SyscallEvent('', reader.pid, 'headless', text, argumentsEnd, [part]));
    return true;
  }

  lost(name: string, head: Half<string>): void {
    const text = head.text.slice(head.bodyStart, head.bodyEnd);
    this.events.push(new SyscallEvent(name, head.pid, 'unfinished', text, text.length, partsOf(head)));
  }

  release(): void {}

  other(kind: OtherLine): void {
    const { reader } = this;
    const text = reader.text.slice(reader.bodyStart, reader.lineEnd);
    const details = parseOtherLine(kind, text);
    if (details === undefined) this.unparsed('not a line of strace');
    else this.events.push({ ...this.base(text), ...details } as StraceEvent & OtherEvent);
  }

  unparsed(reason: string, half?: Half<string>): void {
    const { line, byteOffset, text } = half === undefined ? this.part(0) : partOf(half);
    const { pid } = half ?? this.reader;
    this.events.push({ kind: 'unparsed', line, byteOffset, pid, prefix: {}, text, reason });
  }

  named(): void {
    this.events.push({ ...this.base(''), kind: 'named' });
  }

  private base(text: string) {
    const { reader } = this;
    return {
      line: reader.lineNumber,
      byteOffset: reader.textOffset + reader.lineStart,
      pid: reader.pid,
      prefix: parsePrefix(reader.text, reader.lineStart, reader.bodyStart),
      text,
    };
  }

  private part(start: number): CallPart {
    const { reader } = this;
    return {
      line: reader.lineNumber,
      byteOffset: reader.textOffset + reader.lineStart,
      text: reader.text.slice(reader.lineStart, reader.lineEnd),
      start,
      end: reader.lineEnd - reader.lineStart,
    };
  }
}

const FORKS: ReadonlySet<string> = new Set(['clone', 'clone2', 'clone3', 'fork', 'vfork']);

function partsOf(head: Half<string>): readonly CallPart[] {
  return head.pieces ?? [partOf(head)];
}

function partOf(head: Half<string>): CallPart {
  return {
    line: head.line,
    byteOffset: head.offset,
    text: head.text.slice(head.lineStart, head.lineEnd),
    start: head.bodyStart - head.lineStart,
    end: head.bodyEnd - head.lineStart,
  };
}
