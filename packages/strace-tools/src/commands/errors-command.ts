import { type Failure, failures } from '../questions/failures.js';
import type { Command } from './command.js';
import { shownPath } from './format-cells.js';
import { printRows, type RowColumn } from './print-rows.js';

const COLUMNS: readonly RowColumn<Failure>[] = [
  { title: 'count', isNumber: true, cell: ({ count }) => String(count) },
  { title: 'line', isNumber: true, cell: ({ line }) => String(line) },
  { title: 'error', cell: ({ errno }) => errno },
  { title: 'call', cell: ({ call }) => call },
  { title: 'path', cell: ({ path }) => shownPath(path) },
  { title: 'then', cell: nextOf },
];

export const errorsCommand: Command = {
  summary: 'which calls failed, and what happened next',
  async run(events, options, io) {
    await printRows(await failures(events(), options), COLUMNS, { options, io });
  },
};

function nextOf({ next, nextText, count }: Failure): string {
  const ways = Object.entries(next).map(([way, times]) => (times === count ? way : `${way} (${times})`));
  return `${ways.join(', ')}${nextText === undefined ? '' : `: ${shownPath(nextText)}`}`;
}
