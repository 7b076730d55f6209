import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fileAccesses,
  isRoundTrip,
  parseStrace,
  readAccesses,
  type StraceEvent,
} from '@keepset/strace-parser';
import { describe, expect, it } from 'vitest';
import { flagsOf, LOGS } from './record-logs.ts';

const logs = readdirSync(LOGS).filter((name) => /\.log(\.\d+)?$/.test(name));

describe('logs of flags and programs that the parser was not made with', () => {
  it('are many', () => expect(logs.length).toBeGreaterThanOrEqual(60));

  it.each(logs)('%s is read, and printed back', async (name) => {
    const bytes = readFileSync(join(LOGS, name));
    const events: StraceEvent[] = [];
    for await (const event of parseStrace(bytes)) events.push(event);
    expect(events.filter(({ kind }) => kind === 'unparsed' || kind === 'cut')).toEqual([]);
    expect(events.filter((event) => !isRoundTrip(event)).map(({ line, text }) => [line, text])).toEqual([]);
  });

  it.each(logs)('%s: both ways to its accesses agree, times included', async (name) => {
    const bytes = readFileSync(join(LOGS, name));
    const slow: string[] = [];
    for await (const access of fileAccesses(parseStrace(bytes))) slow.push(JSON.stringify(access));
    const fast: string[] = [];
    for await (const access of readAccesses(bytes)) fast.push(JSON.stringify(access));
    expect(fast).toEqual(slow);
  });

  it.each(logs)('%s: times do not go back, if there are any', async (name) => {
    const timed: number[] = [];
    let whole = 0;
    for await (const event of parseStrace(readFileSync(join(LOGS, name)))) {
      if (event.kind === 'syscall' && event.parts.length > 1) continue;
      if (event.time === undefined) continue;
      whole++;
      timed.push(event.time);
    }
    expect(timed.filter((time, index) => time < (timed[index - 1] ?? time))).toEqual([]);
    expect(whole > 0).toBe(
      / -(?:t|tt|ttt|r)\b| --absolute/.test(flagsOf(name)) && !/ -c /.test(flagsOf(name)),
    );
  });
});
