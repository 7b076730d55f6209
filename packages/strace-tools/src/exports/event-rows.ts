import { type FileAccess, FileModel, printPath } from '@keepset/strace-parser';
import { errnoOf } from '../questions/event-filter.js';
import { durationOf, resultOf } from '../questions/summarise-times.js';
import { type EventInput, type QuestionOptions, traceEvents } from '../questions/traced-events.js';
import { transfersOf } from '../questions/transfers.js';

/** An event as a row of a table. Byte strings are shown as `printPath` does: a database has no others. */
export interface EventRow {
  readonly line: number;
  readonly kind: string;
  readonly pid: number;
  /** Seconds. */
  readonly time: number | null;
  readonly duration: number | null;
  /** Of a call. */
  readonly call: string | null;
  readonly errno: string | null;
  readonly result: string | null;
  /** The first that the call is about. */
  readonly path: string | null;
  /** Read or written. */
  readonly bytes: number | null;
  readonly program: string | null;
  readonly text: string;
}

/** What a column holds, as SQLite calls it. */
export type RowType = 'integer' | 'real' | 'text';

/** The columns of exported events, in their order. */
export const EVENT_COLUMNS: Readonly<Record<keyof EventRow, RowType>> = {
  line: 'integer',
  kind: 'text',
  pid: 'integer',
  time: 'real',
  duration: 'real',
  call: 'text',
  errno: 'text',
  result: 'text',
  path: 'text',
  bytes: 'integer',
  program: 'text',
  text: 'text',
};

/** The events of a log as rows of a table. */
export async function* eventRows(
  events: EventInput,
  options: QuestionOptions = {},
): AsyncGenerator<EventRow> {
  const model = new FileModel();
  for await (const { event, accesses, program, isWanted } of traceEvents(events, options, model)) {
    if (!isWanted || event.kind === 'forking' || event.kind === 'named') continue;
    const { line, kind, pid, time } = event;
    const base = {
      line,
      kind,
      pid,
      time: time ?? null,
      program: shown(program?.path),
      text: printPath(event.text),
    };
    if (event.kind !== 'syscall') {
      yield { ...base, duration: null, call: null, errno: null, result: null, path: null, bytes: null };
      continue;
    }
    const transfer = transfersOf(event, model)[0];
    yield {
      ...base,
      duration: durationOf(event) ?? null,
      call: event.name,
      errno: errnoOf(event.resultText) ?? null,
      result: event.resultText === '' ? null : printPath(resultOf(event)),
      path: shown(pathOf(accesses[0]) ?? transfer?.descriptor.path),
      bytes: transfer?.bytes ?? null,
    };
  }
}

function pathOf(access: FileAccess | undefined): string | undefined {
  return access?.realPath ?? access?.path;
}

function shown(bytes: string | undefined): string | null {
  return bytes === undefined ? null : printPath(bytes);
}
