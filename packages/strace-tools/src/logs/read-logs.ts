import { parseStrace, parseStraceSet, type ReaderOptions, type StraceEvent } from '@keepset/strace-parser';
import { StraceToolsError } from '../strace-tools-error.js';
import { openLog } from './open-log.js';
import { unwrapLog } from './unwrap-log.js';

export interface LogOptions extends Pick<ReaderOptions, 'stripPrefix'> {
  /** Lines were wrapped by a mailer or a terminal: see {@link unwrapLog}. */
  readonly unwrap?: boolean | undefined;
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
export async function* readLogs(
  paths: readonly string[],
  options: LogOptions = {},
): AsyncGenerator<StraceEvent> {
  const { stripPrefix } = options;
  const [first = '-'] = paths;
  const pid = pidOf(first);
  const events =
    paths.length === 1
      ? parseStrace(inputOf(first, options), {
          ...(pid === undefined ? {} : { pid }),
          ...(stripPrefix && { stripPrefix }),
        })
      : parseStraceSet(
          paths.map((path, i) => ({ pid: pidOf(path) ?? -1 - i, input: inputOf(path, options) })),
        );
  for await (const event of events) {
    if (event.kind === 'unparsed' && !options.acceptForeign && event.reason.startsWith(FOREIGN))
      throw foreignLog(first, event.reason);
    yield event;
  }
}

const FOREIGN = 'this is ';

function foreignLog(path: string, reason: string): StraceToolsError {
  return new StraceToolsError('LOG_FOREIGN', `${path}: ${reason}`, {
    hint: 'Record it with strace -f -o FILE.',
  });
}

function inputOf(path: string, { stdin, unwrap = false }: LogOptions): AsyncIterable<Uint8Array> {
  const bytes = path === '-' && stdin !== undefined ? stdin : openLog(path);
  return unwrap ? unwrapLog(bytes) : bytes;
}

/** NAME.PID, as -ff names its files; also packed. */
export function pidOf(path: string): number | undefined {
  const pid = /\.(\d+)(?:\.(?:gz|xz|zst))?$/.exec(path)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
