import { explainPath } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { resolvePaths } from '@keepset/symlink-resolver';
import type { StoredManifest } from '../record/read-manifest.js';

/**
 * Why a path of the source was kept, or that it was not.
 *
 * @param path  absolute byte string, as a program would ask for it: links and `..` on the way are followed
 * @returns     lines without newline
 */
export async function explain(path: string, manifest: StoredManifest): Promise<readonly string[]> {
  const [resolution] = await resolvePaths([{ path, follow: false }], manifest);
  const real = resolution?.failure === undefined ? (resolution?.path ?? path) : path;
  const lines = [...explainGenerated(real, manifest), ...packagesOf(real, manifest)];
  return real === path ? lines : [`${printPath(path)} leads to ${printPath(real)}`, ...lines];
}

/** What keepset wrote is not the source's, whatever the source has there. */
function explainGenerated(path: string, manifest: StoredManifest): readonly string[] {
  const generated = manifest.generated.get(path);
  if (generated === undefined) return explainPath(path, manifest);
  const made = `  package metadata, for scanners: made from ${printPath(generated.from)} of what is left`;
  return [
    `${printPath(path)} is generated: ${manifest.entries.has(path) ? 'the source has another' : 'the source has it not'}`,
    made,
  ];
}

function packagesOf(path: string, { entries, inventory }: StoredManifest): readonly string[] {
  const owners = (entries.get(path)?.owners ?? []).flatMap((index) => inventory?.packages[index] ?? []);
  const names = owners.map(({ name, version, ecosystem }) => `${name} ${version} (${ecosystem})`);
  return names.length === 0 ? [] : [`  belongs to ${names.join(', ')}`];
}
