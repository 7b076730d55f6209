import { eventRows } from '../exports/event-rows.js';
import { toCsv } from '../exports/to-csv.js';
import { toNdjson } from '../exports/to-ndjson.js';
import { writeParquet } from '../exports/write-parquet.js';
import { writeSqlite } from '../exports/write-sqlite.js';
import { filterEvents } from '../questions/filter-events.js';
import type { Command } from './command.js';
import { UsageError } from './usage-error.js';
import { writePieces } from './write-pieces.js';

export const convertCommand: Command = {
  summary: 'events in another form: --to ndjson|csv|sqlite|parquet, -o FILE',
  async run(events, options, io) {
    const { format, output } = options;
    switch (format) {
      case 'ndjson':
        await writePieces(toNdjson(filterEvents(events(), options.filter ?? {})), { options, io });
        return;
      case 'csv':
        await writePieces(toCsv(eventRows(events(), options)), { options, io });
        return;
      case 'sqlite':
      case 'parquet': {
        if (output === undefined) throw new UsageError(`convert to ${format} needs a file: -o FILE`);
        const rows = eventRows(events(), options);
        await (format === 'sqlite' ? writeSqlite(rows, output) : writeParquet(rows, output));
        return;
      }
      default:
        throw new UsageError('convert needs --to ndjson, --to csv, --to sqlite or --to parquet');
    }
  },
};
