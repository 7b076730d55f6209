import type { ManifestUsage } from '@keepset/manifest';
import { type ImagePackages, listPackages, listSourcePackages } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { engineOf } from '../inputs/engine-of.js';
import { openNamedImage } from '../inputs/open-named-image.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { Console } from '../terminal/console.js';
import { plainLine } from '../terminal/plain-text.js';
import { showNotes } from '../terminal/show-notes.js';

/** All packages of an image, of which nothing is known to be used; package databases that cannot be read are reported. */
export async function usageOfImage(reference: string, console: Console): Promise<ManifestUsage> {
  const { warnings, ...usage } = await packagesOf(reference, console);
  for (const { path, message } of warnings)
    console.writeError(`keepset: ${printPath(path)}: ${plainLine(message)}\n`);
  return usage;
}

async function packagesOf(reference: string, console: Console): Promise<ImagePackages> {
  const image = await openNamedImage(reference, {}, console);
  if (image.kind === 'source') {
    await using source = image.source;
    return await listSourcePackages(source);
  }
  await using engine = await engineOf(console);
  return await listPackages(engine, image.name, {
    toolbox: toolboxOptions('auto', console),
    onEvent: showNotes(console),
  });
}
