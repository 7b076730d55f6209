import { type SlowCall, summariseTimes, type TimeSummary } from '../questions/summarise-times.js';
import { StraceToolsError } from '../strace-tools-error.js';
import type { Command } from './command.js';
import { seconds, shownPath } from './format-cells.js';
import { printRows, type RowColumn } from './print-rows.js';

const columns = (title: string): readonly RowColumn<TimeSummary>[] => [
  { title: 'count', isNumber: true, cell: ({ count }) => String(count) },
  { title: 'total s', isNumber: true, cell: ({ total }) => seconds(total) },
  { title: 'mean', isNumber: true, cell: ({ mean }) => seconds(mean) },
  { title: 'p50', isNumber: true, cell: ({ p50 }) => seconds(p50) },
  { title: 'p90', isNumber: true, cell: ({ p90 }) => seconds(p90) },
  { title: 'p99', isNumber: true, cell: ({ p99 }) => seconds(p99) },
  { title: 'longest', isNumber: true, cell: ({ longest }) => seconds(longest) },
  { title, cell: ({ name }) => shownPath(name) },
];

const SLOWEST: readonly RowColumn<SlowCall>[] = [
  { title: 'seconds', isNumber: true, cell: ({ duration }) => seconds(duration) },
  { title: 'line', isNumber: true, cell: ({ line }) => String(line) },
  { title: 'pid', isNumber: true, cell: ({ pid }) => String(pid) },
  { title: 'call', cell: ({ call }) => call },
  { title: 'path', cell: ({ path }) => shownPath(path) },
];

export const timesCommand: Command = {
  summary: 'how long calls took: by call, file and thread, and which took longest',
  async run(events, options, io) {
    const { calls, files, processes, slowest, unknown } = await summariseTimes(events(), {
      ...options,
      slowest: options.top,
    });
    if (calls.length === 0 && unknown > 0) {
      throw new StraceToolsError('TIMES_MISSING', 'the log does not say how long calls took', {
        hint: 'Record it with strace -T.',
      });
    }
    const tables = { call: calls, path: files, thread: processes };
    for (const [what, rows] of Object.entries(tables)) {
      if (options.json)
        await printRows(
          rows.map((row) => nameIt(what, row)),
          [],
          { options, io },
        );
      else {
        await printRows(rows, columns(what), { options, io });
        await io.write('\n');
      }
    }
    if (options.json)
      await printRows(
        slowest.map((call) => ({ what: 'slowest', ...call })),
        [],
        { options, io },
      );
    else await printRows(slowest, SLOWEST, { options, io });
  },
};

function nameIt(what: string, { name, ...row }: TimeSummary): object {
  return { what, [what]: name, ...row };
}
