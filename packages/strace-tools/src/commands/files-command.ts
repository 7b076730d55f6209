import { type FileSummary, summariseFiles } from '../questions/summarise-files.js';
import type { Command } from './command.js';
import { count, shownPath } from './format-cells.js';
import { printRows, type RowColumn } from './print-rows.js';

const COLUMNS: readonly RowColumn<FileSummary>[] = [
  { title: 'opened', isNumber: true, cell: ({ opened }) => count(opened) },
  { title: 'written', isNumber: true, cell: ({ written }) => count(written) },
  { title: 'created', isNumber: true, cell: ({ created }) => count(created) },
  { title: 'removed', isNumber: true, cell: ({ removed }) => count(removed) },
  { title: 'run', isNumber: true, cell: ({ executed }) => count(executed) },
  { title: 'looked at', isNumber: true, cell: ({ examined }) => count(examined) },
  { title: 'failed', isNumber: true, cell: ({ failed }) => count(failed) },
  { title: 'bytes read', isNumber: true, cell: ({ bytesRead }) => count(bytesRead) },
  { title: 'bytes written', isNumber: true, cell: ({ bytesWritten }) => count(bytesWritten) },
  { title: 'path', cell: ({ path }) => shownPath(path) },
  { title: 'by', cell: ({ programs }) => namesOf(programs) },
];

/** So many programs are named. */
const NAMED = 3;

function namesOf(programs: readonly string[]): string {
  const names = programs.slice(0, NAMED).map((path) => shownPath(path).replace(/.*\//, ''));
  return `${names.join(', ')}${programs.length > NAMED ? ', …' : ''}`;
}

export const filesCommand: Command = {
  summary: 'what was done to which files, by path',
  async run(events, options, io) {
    await printRows(await summariseFiles(events(), options), COLUMNS, { options, io });
  },
};
