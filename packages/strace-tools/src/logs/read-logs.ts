import { parseStrace, parseStraceSet, type ReaderOptions, type StraceEvent } from '@keepset/strace-parser';
import { StraceToolsError } from '../strace-tools-error.js';
import { openLog } from './open-log.js';
import { unwrapLog, type Wrapping } from './unwrap-log.js';

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

/** The events of logs, one by one or in batches. */
export class LogEvents implements AsyncIterable<StraceEvent> {
  constructor(
    private readonly paths: readonly string[],
    private readonly options: LogOptions,
  ) {}

  async *batches(): AsyncGenerator<readonly StraceEvent[]> {
    const { paths, options } = this;
    const [first = '-'] = paths;
    if (paths.length > 1) {
      const files = paths.map((path, i) => ({ pid: pidOf(path) ?? -1 - i, input: inputOf(path, options) }));
      for await (const event of parseStraceSet(files)) yield [checked(event, first, options)];
      return;
    }
    const pid = pidOf(first);
    const { stripPrefix } = options;
    const reader = { ...(pid === undefined ? {} : { pid }), ...(stripPrefix && { stripPrefix }) };
    for await (const batch of parseStrace(inputOf(first, options), reader).batches()) {
      for (const event of batch) checked(event, first, options);
      yield batch;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StraceEvent> {
    for await (const batch of this.batches()) yield* batch;
  }
}

function checked(event: StraceEvent, path: string, { acceptForeign }: LogOptions): StraceEvent {
  if (event.kind === 'unparsed' && !acceptForeign && event.reason.startsWith(FOREIGN))
    throw foreignLog(path, event.reason);
  return event;
}

const FOREIGN = 'this is ';

function foreignLog(path: string, reason: string): StraceToolsError {
  return new StraceToolsError('LOG_FOREIGN', `${path}: ${reason}`, {
    hint: 'Record it with strace -f -o FILE.',
  });
}

function inputOf(path: string, { stdin, unwrap }: LogOptions): AsyncIterable<Uint8Array> {
  const bytes = path === '-' && stdin !== undefined ? stdin : openLog(path);
  return unwrap === undefined ? bytes : unwrapLog(bytes, unwrap);
}

/** NAME.PID, as -ff names its files; also packed. */
function pidOf(path: string): number | undefined {
  const pid = /\.(\d+)(?:\.(?:gz|xz|zst))?$/.exec(path)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
