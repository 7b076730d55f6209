import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Cell, type ColumnType, TABLES, type TableName, type TableRow } from './manifest-rows.js';

/** A form in which tables are written. */
export const TABLE_FORMS = ['parquet', 'sqlite', 'ndjson'] as const;

/** Of a folder: a file for each table, or one database. */
export type TableForm = (typeof TABLE_FORMS)[number];

/** Rows of one table that are held in memory. */
const GROUP_ROWS = 10_000;

/** Takes rows, a group at a time. */
interface Sink {
  write(rows: readonly (readonly Cell[])[]): Promise<void>;
  finish(): Promise<void>;
}

const NAMES = Object.keys(TABLES) as readonly TableName[];

/**
 * Write rows as tables: `results.parquet`, `runs.parquet`, …, or `keepset.sqlite`. No more than a group of rows of each table
 * is held, however many there are.
 *
 * @param folder  is there, and has no such files
 * @returns       how many rows each table has
 * @example await writeTables(manifestRows(await readManifest('m.json'), 'm'), 'tables', 'parquet')
 */
export async function writeTables(
  rows: Iterable<TableRow> | AsyncIterable<TableRow>,
  folder: string,
  form: TableForm,
): Promise<Readonly<Record<TableName, number>>> {
  const sinks = await openSinks(folder, form);
  const groups = new Map(NAMES.map((name) => [name, [] as (readonly Cell[])[]]));
  const counts = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<TableName, number>;
  const flush = async (table: TableName) => {
    const group = groups.get(table) ?? [];
    groups.set(table, []);
    if (group.length > 0) await sinks[table].write(group);
  };
  for await (const { table, cells } of rows) {
    counts[table]++;
    const group = groups.get(table);
    group?.push(cells);
    if ((group?.length ?? 0) >= GROUP_ROWS) await flush(table);
  }
  for (const table of NAMES) {
    await flush(table);
    await sinks[table].finish();
  }
  return counts;
}

async function openSinks(folder: string, form: TableForm): Promise<Record<TableName, Sink>> {
  const open =
    form === 'sqlite'
      ? await openSqlite(join(folder, 'keepset.sqlite'))
      : form === 'parquet'
        ? await openParquet(folder)
        : (table: TableName) => openNdjson(join(folder, `${table}.ndjson`), columnsOf(table));
  return Object.fromEntries(NAMES.map((table) => [table, open(table)])) as Record<TableName, Sink>;
}

function columnsOf(table: TableName): readonly (readonly [name: string, type: ColumnType])[] {
  return Object.entries(TABLES[table]);
}

const PARQUET_TYPES = { text: 'STRING', integer: 'INT64', flag: 'BOOLEAN' } as const;

async function openParquet(folder: string): Promise<(table: TableName) => Sink> {
  // Loaded only where it is needed.
  const { fileWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  return (table) => {
    const columns = columnsOf(table);
    const toColumns = (rows: readonly (readonly Cell[])[]) =>
      columns.map(([name, type], at) => ({
        name,
        type: PARQUET_TYPES[type],
        nullable: true,
        data: rows.map((cells) => toParquet(cells[at] ?? null)),
      }));
    const writer = new ParquetWriter({
      writer: fileWriter(join(folder, `${table}.parquet`)),
      schema: schemaFromColumnData({ columnData: toColumns([]) }),
      createdBy: '@keepset/manifest',
    });
    return {
      write: async (rows) => await writer.write({ columnData: toColumns(rows), rowGroupSize: GROUP_ROWS }),
      finish: async () => await writer.finish(),
    };
  };
}

/** Integers of 64 bits are bigints there. */
function toParquet(cell: Cell): Cell | bigint {
  return typeof cell === 'number' ? BigInt(Math.trunc(cell)) : cell;
}

const SQLITE_TYPES = { text: 'TEXT', integer: 'INTEGER', flag: 'INTEGER' } as const;

async function openSqlite(file: string): Promise<(table: TableName) => Sink> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  let open = NAMES.length;
  return (table) => {
    const columns = columnsOf(table);
    database.exec(
      `CREATE TABLE ${table} (${columns.map(([name, type]) => `"${name}" ${SQLITE_TYPES[type]}`).join(', ')})`,
    );
    const insert = database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
    return {
      async write(rows) {
        database.exec('BEGIN');
        for (const cells of rows)
          insert.run(...cells.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
        database.exec('COMMIT');
      },
      async finish() {
        if (--open === 0) database.close();
      },
    };
  };
}

function openNdjson(file: string, columns: readonly (readonly [name: string, type: ColumnType])[]): Sink {
  const stream = createWriteStream(file, { flags: 'wx' });
  return {
    async write(rows) {
      const text = rows
        .map(
          (cells) =>
            `${JSON.stringify(Object.fromEntries(columns.map(([name], at) => [name, cells[at]])))}\n`,
        )
        .join('');
      if (!stream.write(text)) await once(stream, 'drain');
    },
    async finish() {
      stream.end();
      await finished(stream);
    },
  };
}
