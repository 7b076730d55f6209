import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLogs } from '../src/logs/read-logs.js';
import { DEED_FLAGS, LOGS } from './record-logs.ts';

/** What the program that knows what it did says that it did. */
export interface Truth {
  /** Where it did it. */
  readonly directory: string;
  readonly self: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly missing: number;
  readonly idleChild: number;
  readonly runningChild: number;
  readonly killedChild: number;
  readonly port: number;
}

/** Bytes that go through its sockets. */
export const SENT = 4321;
export const ANSWERED = 1234;
export const DATAGRAM = 99;

/** The sets of flags under which a log has all that the questions want to know. */
export const WHOLE_SETS: readonly string[] = [
  ...Object.keys(DEED_FLAGS)
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1)),
  'set',
];

export function logsOf(set: string): readonly string[] {
  const name = new RegExp(`^deeds\\.${set}\\.log(\\.\\d+)?$`);
  const files = readdirSync(LOGS).filter((file) => name.test(file));
  const pidOf = (file: string) => Number(/\d+$/.exec(file)?.[0] ?? 0);
  return files.sort((a, b) => pidOf(a) - pidOf(b)).map((file) => join(LOGS, file));
}

export function deeds(set: string) {
  return readLogs(logsOf(set));
}

export function truthOf(set: string): Truth {
  const lines = readFileSync(join(LOGS, `deeds.${set}.truth`), 'utf8')
    .trim()
    .split('\n');
  const values = Object.fromEntries(
    lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]),
  );
  return { ...values, directory: readFileSync(join(LOGS, `deeds.${set}.directory`), 'utf8') } as Truth;
}
