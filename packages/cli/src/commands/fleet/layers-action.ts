import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printSharedLayers, readManifest, SharedLayerPlan } from '@keepset/manifest';
import { requireWritable } from '../../inputs/require-writable.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { formatBytes } from '../../terminal/format-bytes.js';
import { formatCount } from '../../terminal/format-count.js';
import { passedOver } from '../archives/passed-over.js';
import { type FleetOptions, fromHere, lastRound, openFleet, statusesOf } from './open-fleet.js';

/** `keepset fleet layers`: which layers the results share, as a file by which they are made so. */
export async function layersAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const opened = openFleet(words, console);
  const { layers } = opened.fleet.results;
  const file =
    options.output === undefined
      ? layers && resolve(opened.fleet.folder, layers)
      : resolve(console.workingDirectory, options.output);
  if (file === undefined)
    throw new UsageError(
      'no file given',
      'Name one with -o FILE, or as results.layers in the file of the fleet.',
    );
  requireWritable(file, '-o');
  const plan = new SharedLayerPlan();
  for (const { state, task } of await statusesOf((await lastRound(opened)).tasks, opened, console)) {
    if (state !== 'done' || task.manifest === undefined) continue;
    const manifest = resolve(opened.fleet.folder, task.manifest);
    // One after another: an archive of them does not fit into memory.
    await passedOver(console, async () => plan.add(await readManifest(manifest, { side: 'kept' })));
  }
  const shared = plan.layers();
  const { results, sizeBytes, sharedBytes } = plan.sums(shared);
  if (results === 0)
    throw new UsageError(
      'there are no manifests of results',
      'results.manifests in the file of the fleet names a folder for them; then run it.',
    );
  await writeFile(file, printSharedLayers(shared));
  if (options.json === true) {
    const sums = { results, sizeBytes, sharedBytes, layers: shared.layers.length };
    await console.writeOut(`${JSON.stringify(sums)}\n`);
    return;
  }
  const share = sizeBytes === 0 ? 100 : Math.round((100 * sharedBytes) / sizeBytes);
  console.writeError(
    `keepset: ${fromHere(file, console)}: ${formatCount(shared.layers.length)} layers; ${formatCount(results)} results of ${formatBytes(sizeBytes)} take ${formatBytes(sharedBytes)} where they share them (${share} %)\n`,
  );
}
