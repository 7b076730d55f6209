import { stringify } from 'csv-stringify/sync';
import { EVENT_COLUMNS, type EventRow } from './event-rows.js';

/**
 * Events as CSV, with a header.
 *
 * @see RFC 4180, but for the ends of lines: one newline
 */
export async function* toCsv(rows: AsyncIterable<EventRow>): AsyncGenerator<string> {
  const columns = Object.keys(EVENT_COLUMNS);
  yield stringify([columns]);
  for await (const row of rows) yield stringify([columns.map((column) => row[column as keyof EventRow])]);
}
