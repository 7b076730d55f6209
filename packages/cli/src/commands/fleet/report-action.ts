import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  FleetPackages,
  type ResultsReport,
  type RoundStatuses,
  type Task,
  taskStatuses,
  toFleetReport,
} from '@keepset/fleet';
import { readManifest, SharedLayerPlan, usageOf } from '@keepset/manifest';
import { fleetMarkdown, fleetPage } from '@keepset/report';
import { LAYERS_OPTION } from '../../inputs/fleet/to-workloads.js';
import { requireWritable } from '../../inputs/require-writable.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { passedOver } from '../archives/passed-over.js';
import { type FleetOptions, lastRound, type OpenedFleet, openFleet, statusFacts } from './open-fleet.js';

/** `keepset fleet report`: a page over all tasks of the last round. */
export async function reportAction(
  words: readonly string[],
  { output }: FleetOptions,
  console: Console,
): Promise<undefined> {
  if (output === undefined)
    throw new UsageError('no file given', 'Name the page: -o fleet.html, or fleet.md.');
  requireWritable(output, '-o');
  const opened = openFleet(words, console);
  await lastRound(opened);
  const facts = await statusFacts(opened, console);
  const rounds: RoundStatuses[] = [];
  for (const round of opened.record.rounds())
    rounds.push({ round, statuses: taskStatuses(await opened.record.tasksOf(round), facts) });
  const made = (rounds.at(-1)?.statuses ?? []).filter(({ state }) => state === 'done');
  const results = await readResults(
    made.map(({ task }) => task),
    opened,
    console,
  );
  const report = toFleetReport(basename(opened.file), rounds, results);
  await writeFile(output, output.endsWith('.md') ? fleetMarkdown(report) : fleetPage(report));
}

/** Of the manifests that are there, read one after another: an archive of them does not fit into memory. */
async function readResults(
  tasks: readonly Task[],
  { fleet }: OpenedFleet,
  console: Console,
): Promise<ResultsReport> {
  if (tasks.every(({ manifest }) => manifest === undefined)) return {};
  const all = new FleetPackages();
  const plan = new SharedLayerPlan();
  let made = 0;
  for (const { manifest, command } of tasks) {
    if (manifest === undefined) continue;
    await passedOver(console, async () => {
      const read = await readManifest(resolve(fleet.folder, manifest));
      all.add(
        usageOf(read).packages.flatMap(({ package: { name, ecosystem, version }, kept }) =>
          kept.files > 0 ? { name, ecosystem, version, sizeBytes: kept.sizeBytes } : [],
        ),
      );
      plan.add(read);
      if (command.includes(LAYERS_OPTION)) made++;
    });
  }
  const shared = plan.layers();
  const layers = shared.layers.length;
  return {
    packages: all.sorted(),
    ...(layers > 0 && { sharing: { ...plan.sums(shared), made, layers } }),
  };
}
