import type { StraceEvent } from '@keepset/strace-parser';
import { wantedEvents } from '../questions/traced-events.js';
import type { Command } from './command.js';

const ROWS = 15;

export const summaryCommand: Command = {
  summary: 'a summary (what is done without a command)',
  async run(events, options, io) {
    const kinds = new Map<string, number>();
    const calls = new Map<string, number>();
    const failures = new Map<string, number>();
    const stripped = new Map<string, number>();
    const paths = new Set<string>();
    let accessCount = 0;
    for await (const { event, accesses } of wantedEvents(events(), options)) {
      add(kinds, event.kind);
      const foreign = prefixOf(event);
      if (foreign !== undefined) add(stripped, foreign);
      if (event.kind === 'syscall') add(calls, event.name);
      for (const { path, errno } of accesses) {
        accessCount++;
        if (errno === undefined) paths.add(path);
        else add(failures, errno);
      }
    }
    await io.write(table('events', kinds));
    await io.write(table('\nsystem calls', calls));
    await io.write(`\n${accessCount} accesses to files, ${paths.size} different paths found\n`);
    if (failures.size > 0) await io.write(table('\naccesses that failed', failures));
    if (stripped.size > 0) await io.write(table('\ntaken off before strace’s own text', stripped));
  },
};

/** What was taken off, without the numbers that differ from line to line. */
function prefixOf(event: StraceEvent): string | undefined {
  const { foreign } = event.prefix;
  return foreign === undefined ? undefined : JSON.stringify(foreign.replace(/\d+/g, 'N'));
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function table(title: string, counts: ReadonlyMap<string, number>): string {
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, ROWS)
    .map(([key, count]) => `${String(count).padStart(10)}  ${key}\n`);
  return `${title}\n${rows.join('')}`;
}
