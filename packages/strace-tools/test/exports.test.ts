import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parseStrace } from '@keepset/strace-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import {
  type EventRow,
  eventRows,
  timeline,
  toCsv,
  toNdjson,
  writeParquet,
  writeSqlite,
} from '../src/index.js';
import { deeds, truthOf } from './deeds.ts';

const work = mkdtempSync(join(tmpdir(), 'keepset-exports-'));
const truth = truthOf('everything');

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

let rows: readonly EventRow[];
beforeAll(async () => {
  rows = await all(eventRows(deeds('everything')));
});

/** What is asked of every database, and what the rows themselves say. */
const QUESTION = `SELECT call, count(*) AS n, sum(bytes) AS bytes, max(duration) AS longest FROM events
  WHERE path = '${truth.directory}/written' GROUP BY call ORDER BY call`;

function answer() {
  const groups = new Map<string, EventRow[]>();
  for (const row of rows) {
    if (row.path !== `${truth.directory}/written`) continue;
    groups.set(row.call ?? '', [...(groups.get(row.call ?? '') ?? []), row]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([call, list]) => {
      const bytes = list.flatMap((row) => row.bytes ?? []);
      return {
        call,
        n: list.length,
        bytes: bytes.length === 0 ? null : bytes.reduce((sum, each) => sum + each, 0),
        longest: Math.max(...list.map(({ duration }) => duration ?? 0)),
      };
    });
}

describe('the rows of a log', () => {
  it('have the bytes that were written', () => {
    expect(answer().find(({ call }) => call === 'write')?.bytes).toBe(truth.bytesWritten);
    expect(answer().length).toBeGreaterThan(3);
  });

  it('are read back by sqlite3', async () => {
    await ensurePrograms('sqlite3');
    const file = join(work, 'events.db');
    await writeSqlite(eventRows(deeds('everything')), file);
    expect(JSON.parse(execFileSync('sqlite3', ['-json', file, QUESTION], { encoding: 'utf8' }))).toEqual(
      answer(),
    );
    await expect(writeSqlite(eventRows(deeds('everything')), file)).rejects.toMatchObject({
      code: 'TARGET_EXISTS',
    });
  });

  it('are read back by DuckDB, from Parquet and from CSV', async () => {
    const parquet = join(work, 'events.parquet');
    await writeParquet(eventRows(deeds('everything')), parquet);
    const connection = await (await DuckDBInstance.create()).connect();
    const ask = async (table: string) => {
      const result = await connection.runAndReadAll(QUESTION.replace('FROM events', `FROM ${table}`));
      return result
        .getRowObjects()
        .map((row) => ({ ...row, n: Number(row.n), bytes: row.bytes === null ? null : Number(row.bytes) }));
    };
    expect(await ask(`'${parquet}'`)).toEqual(answer());
    const count = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER AS n, count(time)::INTEGER AS timed FROM '${parquet}'`,
    );
    expect(count.getRowObjects()).toEqual([{ n: rows.length, timed: rows.length }]);

    const csv = join(work, 'events.csv');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(csv, (await all(toCsv(eventRows(deeds('everything'))))).join(''));
    expect(await ask(`read_csv('${csv}', all_varchar = false)`)).toEqual(answer());
    expect(readFileSync(csv, 'utf8')).toMatch(/^line,kind,pid,time,/);
  });

  it('and events are lines of JSON, with a readable twin for each byte string', async () => {
    const lines = await all(
      toNdjson([{ path: '/caf\u00c3\u00a9\u0001', argv: ['\u00ff'], kind: 'string', value: '\u00e9' }]),
    );
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      path: '/caf\u00c3\u00a9\u0001',
      pathShown: '/café\\001',
      argv: ['\u00ff'],
      argvShown: ['\\377'],
      kind: 'string',
      value: '\u00e9',
      valueShown: '\\351',
    });
    const events = await all(toNdjson(deeds('everything')));
    for (const line of events) expect(Object.keys(JSON.parse(line))).toContain('kind');
  });
});

/** The Trace Event Format, as far as these entries use it. */
interface Entry {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: string;
  readonly args?: { readonly name?: string };
}

describe.each(['everything', 'bare', 'relative', 'set'])('the timeline of %s', (set) => {
  it('is a trace as its format has it: bars of a thread do not overlap', async () => {
    const text = (await all(timeline(deeds(set)))).join('');
    const { traceEvents, displayTimeUnit } = JSON.parse(text) as {
      traceEvents: Entry[];
      displayTimeUnit: string;
    };
    expect(displayTimeUnit).toBe('ns');
    const ends = new Map<number, number>();
    for (const { ph, name, pid, tid, ts, dur, s, args } of traceEvents) {
      expect(typeof name).toBe('string');
      expect([Number.isInteger(pid), Number.isInteger(tid)]).toEqual([true, true]);
      expect(['X', 'i', 'M']).toContain(ph);
      if (ph === 'M') expect(typeof args?.name).toBe('string');
      else expect(ts).toBeGreaterThanOrEqual(0);
      if (ph === 'i') expect(s).toBe('t');
      if (ph !== 'X') continue;
      expect(dur).toBeGreaterThanOrEqual(0);
      // To nanoseconds, which are 0.001 of the format's unit.
      expect((ts ?? 0) + 0.001).toBeGreaterThanOrEqual(ends.get(tid) ?? 0);
      ends.set(tid, (ts ?? 0) + (dur ?? 0));
    }
    const names = traceEvents.filter(({ ph }) => ph === 'M').map(({ args }) => args?.name);
    expect(names).toContain('true an argument');
  });
});

it('bars of a timeline do not overlap where strace has rounded', async () => {
  const log = [
    '1 1700000000.000001 close(3) = 0 <0.000002>',
    '2 1700000000.000002 close(3) = 0 <0.000009>',
    '1 1700000000.000002 close(4) = 0 <0.000003>',
    '1 1700000000.000003 close(5) = 0 <0.000001>',
  ];
  const { traceEvents } = JSON.parse((await all(timeline(parseStrace(log.join('\n'))))).join(''));
  const bars = traceEvents.map(({ tid, ts, dur }: Entry) => [tid, (ts ?? 0) - traceEvents[0].ts, dur]);
  expect(bars).toEqual([
    [1, 0, 2],
    [2, expect.any(Number), 9],
    [1, 2, 2],
    [1, 4, 0],
  ]);
});

it('a log without times has no timeline', async () => {
  await expect(all(timeline(deeds('unabbreviated')))).rejects.toMatchObject({ code: 'TIMES_MISSING' });
});
