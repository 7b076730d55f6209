import { type Deed, diffRuns } from '../questions/diff-runs.js';
import type { Command } from './command.js';
import { shownPath } from './format-cells.js';
import { printRows, type RowColumn } from './print-rows.js';
import { UsageError } from './usage-error.js';

type SidedDeed = Deed & { readonly side: '-' | '+' };

const COLUMNS: readonly RowColumn<SidedDeed>[] = [
  { title: '', cell: ({ side }) => side },
  { title: 'count', isNumber: true, cell: ({ count }) => String(count) },
  { title: 'line', isNumber: true, cell: ({ line }) => String(line) },
  { title: 'what', cell: ({ what }) => what },
  { title: '', cell: ({ text }) => shownPath(text) },
];

export const diffCommand: Command = {
  summary: 'two logs: what one run did and the other did not',
  async run(events, options, io) {
    const [first, second, ...more] = options.logs;
    if (first === undefined || second === undefined || more.length > 0)
      throw new UsageError('diff takes two logs');
    const { onlyFirst, onlySecond } = await diffRuns(events([first]), events([second]), options);
    const rows = [
      ...onlyFirst.map((deed) => ({ side: '-', ...deed }) as const),
      ...onlySecond.map((deed) => ({ side: '+', ...deed }) as const),
    ];
    await printRows(rows, COLUMNS, { options, io });
  },
};
