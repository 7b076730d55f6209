import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Task } from '@keepset/fleet';
import { compareListings, readFileListing } from '@keepset/manifest';
import { diffTables } from '../../terminal/compared/print-diff.js';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import { passedOver } from '../archives/passed-over.js';
import {
  type FleetOptions,
  lastRound,
  namedTasks,
  type OpenedFleet,
  openFleet,
  planFleet,
  statusesOf,
} from './open-fleet.js';
import { runRound } from './run-action.js';

const DIGEST_DIGITS = 12;
/** Of each task's table. */
const ROWS = 10;

/** `keepset fleet refresh`: do again what is of an image that is another now, and say in what the results differ. */
export async function refreshAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<number> {
  const opened = openFleet(words, console);
  const before = new Map((await lastRound(opened)).tasks.map((task) => [task.name, task]));
  const tasks = await planFleet(opened, console);
  const moved = namedTasks(tasks, options).filter((task) => hasMoved(before.get(task.name), task));
  if (options.quiet !== true && options.json !== true)
    console.writeError(`keepset: the images of ${formatCount(moved.length)} tasks have moved\n`);
  if (moved.length === 0) return 0;
  const folder = await mkdtemp(join(tmpdir(), 'keepset-refresh-'));
  try {
    const kept = await keepManifests(moved, folder, opened);
    const status = await runRound(
      opened,
      { tasks, named: moved, options: { ...options, follow: true } },
      console,
    );
    if (options.json !== true) await printDifferences({ opened, moved, before, kept }, console);
    return status;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One of which nothing is known has not: it may be the same. */
function hasMoved(before: Task | undefined, { sourceDigest }: Task): boolean {
  return (
    before?.sourceDigest !== undefined && sourceDigest !== undefined && before.sourceDigest !== sourceDigest
  );
}

/** New manifests take the place of the old ones. @returns copies, by the names of tasks */
async function keepManifests(
  tasks: readonly Task[],
  folder: string,
  { fleet }: OpenedFleet,
): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  for (const { name, manifest } of tasks) {
    if (manifest === undefined) continue;
    const copy = join(folder, `${name}.json`);
    const isThere = await copyFile(resolve(fleet.folder, manifest), copy).then(
      () => true,
      () => false,
    );
    if (isThere) kept.set(name, copy);
  }
  return kept;
}

interface Refreshed {
  readonly opened: OpenedFleet;
  readonly moved: readonly Task[];
  readonly before: ReadonlyMap<string, Task>;
  readonly kept: ReadonlyMap<string, string>;
}

/** As `keepset diff` has it, of the packages. */
async function printDifferences({ opened, moved, before, kept }: Refreshed, console: Console): Promise<void> {
  for (const { task, state } of await statusesOf(moved, opened, console)) {
    const old = kept.get(task.name);
    if (state !== 'done' || task.manifest === undefined || old === undefined) continue;
    const digests = [before.get(task.name), task].map((each) => shortDigest(each)).join(' → ');
    await console.writeOut(`\n${task.name}: ${digests}\n`);
    const manifest = resolve(opened.fleet.folder, task.manifest);
    await passedOver(console, async () => {
      const difference = compareListings(await readFileListing(old), await readFileListing(manifest));
      const { packages = [] } = difference;
      const tables = packages.length === 0 ? [] : [{ by: 'package', rows: packages } as const];
      await console.writeOut(diffTables(difference, tables, ROWS));
    });
  }
}

function shortDigest(task: Task | undefined): string {
  return task?.sourceDigest?.replace(/^sha256:/, '').slice(0, DIGEST_DIGITS) ?? 'unknown';
}
