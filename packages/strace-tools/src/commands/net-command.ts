import { type Connection, connections } from '../questions/connections.js';
import type { Command } from './command.js';
import { commandOf, count, seconds, shownPath } from './format-cells.js';
import { printRows, type RowColumn } from './print-rows.js';

const COLUMNS: readonly RowColumn<Connection>[] = [
  { title: 'time', isNumber: true, cell: ({ time }) => seconds(time) },
  { title: 'pid', isNumber: true, cell: ({ pid }) => String(pid) },
  { title: 'way', cell: ({ direction }) => direction },
  { title: 'family', cell: ({ family }) => family.replace(/^AF_/, '') },
  { title: 'sent', isNumber: true, cell: ({ bytesSent }) => count(bytesSent) },
  { title: 'received', isNumber: true, cell: ({ bytesReceived }) => count(bytesReceived) },
  { title: 'error', cell: ({ error }) => error ?? '' },
  { title: 'port', isNumber: true, cell: ({ port }) => (port === undefined ? '' : String(port)) },
  { title: 'address', cell: ({ address }) => shownPath(address) },
  { title: 'by', cell: ({ program }) => commandOf(program).slice(0, 60) },
];

export const netCommand: Command = {
  summary: 'connections: family, address, port, direction, bytes, errors',
  async run(events, options, io) {
    const rows = await connections(events(), options);
    const printed = options.json
      ? rows.map(({ program, ...row }) => ({ ...row, program: program?.path }))
      : rows;
    await printRows(printed as readonly Connection[], COLUMNS, { options, io });
  },
};
