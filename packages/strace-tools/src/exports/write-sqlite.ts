import type { DatabaseSync } from 'node:sqlite';
import { StraceToolsError } from '../strace-tools-error.js';
import { EVENT_COLUMNS, type EventRow } from './event-rows.js';
import { writeNewFile } from './write-new-file.js';

/** So many rows are one transaction. */
const BATCH_ROWS = 10_000;

/**
 * Rows as the table `events` of an SQLite database.
 *
 * @param file  must not be there yet
 * @throws StraceToolsError TARGET_EXISTS, NODE_TOO_OLD  before Node 22.13, which has no SQLite
 */
export async function writeSqlite(rows: AsyncIterable<EventRow>, file: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite').catch((cause) => {
    throw new StraceToolsError('NODE_TOO_OLD', 'this Node has no SQLite', {
      hint: 'Node 22.13 and later have.',
      cause,
    });
  });
  await writeNewFile(file, () => writeRows(rows, new DatabaseSync(file)));
}

async function writeRows(rows: AsyncIterable<EventRow>, database: DatabaseSync): Promise<void> {
  try {
    const columns = Object.entries(EVENT_COLUMNS).map(([name, type]) => `"${name}" ${type}`);
    database.exec(`CREATE TABLE events (${columns.join(', ')})`);
    const names = Object.keys(EVENT_COLUMNS) as (keyof EventRow)[];
    const insert = database.prepare(`INSERT INTO events VALUES (${names.map(() => '?').join(', ')})`);
    let count = 0;
    database.exec('BEGIN');
    for await (const row of rows) {
      insert.run(...names.map((name) => row[name]));
      if (++count % BATCH_ROWS === 0) database.exec('COMMIT; BEGIN');
    }
    database.exec(
      'COMMIT; CREATE INDEX events_path ON events (path); CREATE INDEX events_call ON events (call)',
    );
  } finally {
    database.close();
  }
}
