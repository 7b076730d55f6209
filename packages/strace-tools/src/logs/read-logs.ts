import {
  parseStrace,
  parseStraceSet,
  type ReaderOptions,
  type StraceEvent,
  type UnparsedEvent,
} from '@keepset/strace-parser';
import { StraceToolsError } from '../strace-tools-error.js';
import { openLog } from './open-log.js';
import { unwrapLog, type Wrapping } from './unwrap-log.js';

/** How logs are read. */
export interface LogOptions extends Pick<ReaderOptions, 'stripPrefix'> {
  /** Lines were wrapped by this: see {@link unwrapLog}. */
  readonly unwrap?: Wrapping | undefined;
  /** Events of a log of another program are given as `unparsed`, and nothing is thrown. */
  readonly acceptForeign?: boolean | undefined;
  /** What `-` is. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * The events of one log, or of several as one set, as `strace -ff -o NAME` writes them: NAME.PID, the first process
 * first. Packed files are unpacked: see {@link openLog}.
 *
 * @param paths  at least one; `-` is standard input
 * @throws StraceToolsError LOG_FOREIGN  when it turns out that another program has written the log
 */
export function readLogs(paths: readonly string[], options: LogOptions = {}): LogEvents {
  return new LogEvents(paths, options);
}

/** The events of logs, one by one or in batches. Iterate once; then it is known how many there were. */
export class LogEvents implements AsyncIterable<StraceEvent> {
  /** What strace has printed. */
  eventCount = 0;
  /** Lines that it has not. */
  unparsedCount = 0;
  firstUnparsed: UnparsedEvent | undefined;

  constructor(
    private readonly paths: readonly string[],
    private readonly options: LogOptions,
  ) {}

  /** Of the first log, for messages. */
  get name(): string {
    return this.paths[0] ?? '-';
  }

  async *batches(): AsyncGenerator<readonly StraceEvent[]> {
    const { paths, options } = this;
    const first = this.name;
    if (paths.length > 1) {
      const files = paths.map((path, i) => ({ pid: pidOf(path) ?? -1 - i, input: inputOf(path, options) }));
      for await (const event of parseStraceSet(files)) {
        this.#count(event);
        yield [event];
      }
      return;
    }
    const pid = pidOf(first);
    const { stripPrefix } = options;
    const reader = { ...(pid === undefined ? {} : { pid }), ...(stripPrefix && { stripPrefix }) };
    for await (const batch of parseStrace(inputOf(first, options), reader).batches()) {
      for (const event of batch) this.#count(event);
      yield batch;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StraceEvent> {
    for await (const batch of this.batches()) yield* batch;
  }

  #count(event: StraceEvent): void {
    if (event.kind !== 'unparsed') {
      if (event.kind !== 'blank') this.eventCount++;
      return;
    }
    if (!this.options.acceptForeign && event.reason.startsWith(FOREIGN))
      throw foreignLog(this.name, event.reason);
    this.unparsedCount++;
    this.firstUnparsed ??= event;
  }
}

const FOREIGN = 'this is ';

function foreignLog(path: string, reason: string): StraceToolsError {
  return new StraceToolsError('LOG_FOREIGN', `${path}: ${reason}`, {
    hint: 'Record it with strace -f -o FILE.',
  });
}

function inputOf(path: string, { stdin, unwrap }: LogOptions): AsyncIterable<Uint8Array> {
  const bytes = path === '-' && stdin !== undefined ? stdin : readable(path);
  return unwrap === undefined ? bytes : unwrapLog(bytes, unwrap);
}

/** An error of a file names the file. */
async function* readable(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* openLog(path);
  } catch (cause) {
    if (cause instanceof StraceToolsError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StraceToolsError('LOG_UNREADABLE', `${path}: ${REASONS[code ?? ''] ?? message}`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'it may not be read',
  Z_BUF_ERROR: 'the packed file is cut',
  Z_DATA_ERROR: 'it is not packed as its name says, or damaged',
};

/** NAME.PID, as -ff names its files; also packed. */
function pidOf(path: string): number | undefined {
  const pid = /\.(\d+)(?:\.(?:gz|xz|zst))?$/.exec(path)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
