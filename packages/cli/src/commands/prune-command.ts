import { rmSync } from 'node:fs';
import type { PRUNE } from '../definitions/prune.js';
import { engineOf } from '../inputs/engine-of.js';
import { findLeftFolders, isSessionGone } from '../inputs/session-folder.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';

/** `keepset prune`: what was removed goes to standard output, a line each. */
export async function pruneCommand(
  { options }: CommandLineOf<typeof PRUNE>,
  console: Console,
): Promise<undefined> {
  const { 'dry-run': dryRun = false, 'all-machines': everyones = false } = options;
  const { left: folders, isAnyAlive } = findLeftFolders(everyones);
  await using engine = await engineOf(console);
  const removed = await engine.prune({
    dryRun,
    isGone: (owner, ageMs) => isSessionGone(owner, ageMs, everyones),
    toolboxes: !isAnyAlive,
    images: folders.flatMap(({ images }) => images),
  });
  for (const each of removed) await console.writeOut(`${each}\n`);
  for (const { path } of folders) {
    if (!dryRun) rmSync(path, { recursive: true, force: true });
    await console.writeOut(`folder ${path}\n`);
  }
}
