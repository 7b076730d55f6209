import { toNdjson } from '../exports/to-ndjson.js';
import { wantedEvents } from '../questions/traced-events.js';
import type { Command } from './command.js';

export const accessesCommand: Command = {
  summary: 'every access to a file as a line of JSON',
  async run(events, options, io) {
    for await (const { accesses } of wantedEvents(events(), options))
      for await (const line of toNdjson(accesses)) await io.write(line);
  },
};
