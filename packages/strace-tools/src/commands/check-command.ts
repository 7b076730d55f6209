import { isRoundTrip } from '@keepset/strace-parser';
import { readLogs } from '../logs/read-logs.js';
import type { Command } from './command.js';

const NAMED_FAILURES = 10;

export const checkCommand: Command = {
  summary: 'whether all of it was understood: one line of JSON, and status 1 if not',
  async run(_events, options, io) {
    const sum = { lines: 0, events: 0, unparsed: 0, cut: 0, roundTripFailures: 0 };
    for (const log of options.logs) {
      let lines = 0;
      for await (const event of readLogs([log], { ...options, stdin: io.stdin, acceptForeign: true })) {
        const last = event.kind === 'syscall' ? (event.parts.at(-1)?.line ?? event.line) : event.line;
        lines = Math.max(lines, last);
        const place = `${log}:${event.line}`;
        if (event.kind === 'unparsed') {
          if (sum.unparsed++ < NAMED_FAILURES)
            io.writeError(`${place}: ${event.reason}: ${event.text.slice(0, 200)}\n`);
          continue;
        }
        if (event.kind === 'cut') {
          sum.cut++;
          io.writeError(`${place}: the log is cut in this line: ${event.text.slice(0, 200)}\n`);
          continue;
        }
        sum.events++;
        if (isRoundTrip(event)) continue;
        if (sum.roundTripFailures++ < NAMED_FAILURES)
          io.writeError(`${place}: does not print back: ${event.text.slice(0, 200)}\n`);
      }
      sum.lines += lines;
    }
    await io.write(`${JSON.stringify(sum)}\n`);
    return sum.unparsed + sum.roundTripFailures === 0 ? 0 : 1;
  },
};
