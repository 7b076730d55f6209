import { setTimeout as delay } from 'node:timers/promises';
import { causesOf, sumStatuses, TASK_STATES, type Task, type TaskStatus } from '@keepset/fleet';
import type { Console } from '../../terminal/console.js';
import { formatBytes } from '../../terminal/format-bytes.js';
import { formatCount } from '../../terminal/format-count.js';
import { plainLine } from '../../terminal/plain-text.js';
import { textTable } from '../../terminal/text-table.js';
import {
  type FleetOptions,
  lastRound,
  namedTasks,
  type OpenedFleet,
  openFleet,
  statusesOf,
} from './open-fleet.js';

const FAILED = 1;
const REFUSED = 3;
const FOLLOW_MS = 2000;

/** `keepset fleet status`: where the tasks of the last round stand. Its status is 0 whatever that is. */
export async function statusAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const opened = openFleet(words, console);
  const tasks = namedTasks((await lastRound(opened)).tasks, options);
  if (options.follow === true) await followStatus(tasks, opened, console);
  await printStatus(await statusesOf(tasks, opened, console), options, console);
}

/** Say what changes until no task runs or waits for its turn. */
export async function followStatus(
  tasks: readonly Task[],
  opened: OpenedFleet,
  console: Console,
): Promise<void> {
  for (let last = ''; ; ) {
    const statuses = await statusesOf(tasks, opened, console);
    const line = countsLine(statuses);
    // On a terminal the line is written over.
    if (line !== last) console.writeError(`keepset: ${line}\n`);
    last = line;
    if (!statuses.some(({ state }) => state === 'running' || state === 'queued')) return;
    await delay(FOLLOW_MS, undefined, { signal: console.signal });
  }
}

/** 0: all are done; 3: some are not what they should be; 1: some failed. */
export function exitStatusOf(statuses: readonly TaskStatus[]): number {
  if (statuses.some(({ state }) => state !== 'done' && state !== 'refused')) return FAILED;
  return statuses.some(({ state, exceeds }) => state === 'refused' || exceeds.length > 0) ? REFUSED : 0;
}

export async function printStatus(
  statuses: readonly TaskStatus[],
  { json, quiet }: Pick<FleetOptions, 'json' | 'quiet'>,
  console: Console,
): Promise<void> {
  if (json === true) {
    const tasks = statuses.map(({ task, state, outcome, exceeds }) => ({ ...task, state, exceeds, outcome }));
    await console.writeOut(
      `${JSON.stringify({ ...sumStatuses(statuses), causes: causesOf(statuses), tasks })}\n`,
    );
    return;
  }
  const shown = quiet === true ? statuses.filter(({ state }) => state !== 'done') : statuses;
  if (shown.length > 0) await console.writeOut(textTable(COLUMNS, shown.map(toRow)));
  for (const { code, message, hint, names } of causesOf(statuses)) {
    console.writeError(`keepset: ${names.length} × ${code}: ${plainLine(message)}\n`);
    if (hint !== undefined) console.writeError(`  ${plainLine(hint)}\n`);
  }
  console.writeError(`keepset: ${countsLine(statuses)}\n`);
}

const COLUMNS = [
  { title: 'TASK' },
  { title: 'STATE' },
  { title: 'SOURCE', isNumber: true },
  { title: 'RESULT', isNumber: true },
  { title: 'SECONDS', isNumber: true },
  { title: '' },
];

function toRow({ task, state, outcome, exceeds }: TaskStatus): readonly string[] {
  const { result, error, seconds } = outcome ?? {};
  const said = error === undefined ? (result?.verdict ?? '') : error.code;
  const over = exceeds.map((what) => `over: ${what}`);
  return [
    task.name,
    state,
    result === undefined ? '' : formatBytes(result.sourceBytes),
    result === undefined ? '' : formatBytes(result.sizeBytes),
    seconds === undefined ? '' : seconds.toFixed(1),
    [said, ...over].join(', '),
  ];
}

function countsLine(statuses: readonly TaskStatus[]): string {
  const { states, sourceBytes, resultBytes, tasks } = sumStatuses(statuses);
  const counts = TASK_STATES.filter((state) => states[state] > 0).map(
    (state) => `${formatCount(states[state])} ${state}`,
  );
  const sizes = sourceBytes === 0 ? '' : `; ${formatBytes(sourceBytes)} → ${formatBytes(resultBytes)}`;
  return `${formatCount(tasks)} tasks: ${counts.join(', ')}${sizes}`;
}
