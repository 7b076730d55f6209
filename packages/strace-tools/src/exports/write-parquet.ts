import { EVENT_COLUMNS, type EventRow, type RowType } from './event-rows.js';
import { writeNewFile } from './write-new-file.js';

const TYPES = { integer: 'INT64', real: 'DOUBLE', text: 'STRING' } as const satisfies Record<RowType, string>;
/** Rows that are held in memory. */
const GROUP_ROWS = 20_000;

/**
 * Rows as a Parquet file.
 *
 * @param file  must not be there yet
 * @throws StraceToolsError TARGET_EXISTS
 */
export async function writeParquet(rows: AsyncIterable<EventRow>, file: string): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer');
  const columns = Object.entries(EVENT_COLUMNS).map(([name, type]) => ({ name, type: TYPES[type] }));
  await writeNewFile(file, () =>
    parquetWriteRows({
      writer: fileWriter(file),
      columns,
      rows: withBigints(rows),
      rowGroupSize: GROUP_ROWS,
      createdBy: '@keepset/strace-tools',
    }),
  );
}

/** 64-bit integers are bigints there. */
async function* withBigints(rows: AsyncIterable<EventRow>): AsyncGenerator<Record<string, unknown>> {
  const integers = Object.keys(EVENT_COLUMNS).filter(
    (name) => EVENT_COLUMNS[name as keyof EventRow] === 'integer',
  );
  for await (const row of rows) {
    const cells: Record<string, unknown> = { ...row };
    for (const name of integers) if (typeof cells[name] === 'number') cells[name] = BigInt(cells[name]);
    yield cells;
  }
}
