import { timeline } from '../exports/timeline.js';
import type { Command } from './command.js';
import { writePieces } from './write-pieces.js';

export const timelineCommand: Command = {
  summary: 'a trace that Perfetto and Chrome open (JSON)',
  async run(events, options, io) {
    await writePieces(timeline(events(), options), { options, io });
  },
};
