import type { ManifestUsage } from '@keepset/manifest';
import { listPackages } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { engineOf } from '../inputs/engine-of.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { Console } from '../terminal/console.js';
import { plainLine } from '../terminal/plain-text.js';
import { showNotes } from '../terminal/show-notes.js';

/** All packages of an image, of which nothing is known to be used; package databases that cannot be read are reported. */
export async function usageOfImage(reference: string, console: Console): Promise<ManifestUsage> {
  await using engine = await engineOf(console);
  const { warnings, ...usage } = await listPackages(engine, reference, {
    toolbox: toolboxOptions('auto', console),
    onEvent: showNotes(console),
  });
  for (const { path, message } of warnings)
    console.writeError(`keepset: ${printPath(path)}: ${plainLine(message)}\n`);
  return usage;
}
