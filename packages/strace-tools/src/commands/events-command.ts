import { toNdjson } from '../exports/to-ndjson.js';
import { filterEvents } from '../questions/filter-events.js';
import type { Command } from './command.js';

export const eventsCommand: Command = {
  summary: 'every event as a line of JSON',
  async run(events, options, io) {
    const wanted = options.filter === undefined ? events() : filterEvents(events(), options.filter);
    for await (const line of toNdjson(wanted)) await io.write(line);
  },
};
