import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSummary } from './parse-summary.js';

const trace = (name: string) =>
  readFileSync(new URL(`../../../../test-fixtures/traces/real/${name}`, import.meta.url), 'latin1');

describe('parseSummary', () => {
  it('reads the table of -c', () => {
    const [table, ...others] = parseSummary(trace('v7.2-dirs.c.log'));
    expect(others).toEqual([]);
    expect(table?.rows[0]).toEqual({
      name: 'openat',
      percent: 34.15,
      seconds: 0.002403,
      microsecondsPerCall: 10,
      calls: 239,
      errors: 34,
    });
    expect(table?.rows[2]).toEqual({
      name: 'write',
      percent: expect.any(Number),
      seconds: expect.any(Number),
      microsecondsPerCall: 11,
      calls: 47,
    });
    expect(table?.total).toMatchObject({ calls: 1477, errors: 90 });
    expect(table?.rows.reduce((sum, row) => sum + (row.calls ?? 0), 0)).toBe(1477);
  });

  it('finds the table of -C after the trace, and one table for each personality', () => {
    expect(parseSummary(trace('v6.1-dirs.C.log'))[0]?.total?.calls).toBe(1477);
    const table = parseSummary(trace('v7.2-dirs.c.log'))[0];
    const twice = `${trace('v7.2-dirs.c.log')}System call usage summary for 32 bit mode:\n${trace('v7.2-dirs.c.log')}`;
    expect(parseSummary(twice)).toEqual([table, { mode: '32 bit', ...table }]);
  });

  it('reads the columns that -U chooses', () => {
    const text =
      'syscall          % time     calls shortest\n---------------- ------ --------- --------\nwait4             26.48         7 0.000017\n';
    expect(
      parseSummary(
        `${text}---------------- ------ --------- --------\ntotal            100.00         7 0.000017\n`,
      )[0]?.rows,
    ).toEqual([{ name: 'wait4', percent: 26.48, calls: 7, shortest: 0.000017 }]);
  });
});
