import { explainPath } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { resolvePaths } from '@keepset/symlink-resolver';
import { readManifest, type StoredManifest } from '../record/read-manifest.js';

/**
 * Why a path of the source was kept, or that it was not.
 *
 * @param path  absolute byte string, as a program would ask for it: links and `..` on the way are followed
 * @returns     lines without newline
 */
export async function explain(path: string, manifest: StoredManifest): Promise<readonly string[]> {
  const [resolution] = await resolvePaths([{ path, follow: false }], manifest);
  const real = resolution?.failure === undefined ? (resolution?.path ?? path) : path;
  const lines = [
    ...(explainGenerated(real, manifest) ?? explainPath(real, manifest)),
    ...packagesOf(real, manifest),
  ];
  return real === path ? lines : [`${printPath(path)} leads to ${printPath(real)}`, ...lines];
}

/**
 * What keepset wrote is not the source's, whatever the source has there.
 *
 * @returns undefined for what is the source's
 */
export function explainGenerated(
  path: string,
  manifest: Pick<StoredManifest, 'generated' | 'entries'>,
): readonly string[] | undefined {
  const generated = manifest.generated.get(path);
  if (generated === undefined) return undefined;
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

/**
 * The same from a manifest's file, of which only what the answer needs is held: an image of a million files is asked in
 * the time that it takes to read its manifest.
 *
 * @param path  as `explain` takes it
 * @throws ManifestError MANIFEST_INVALID
 * @example await explainFrom('/usr/bin/bash', 'manifest.json') // ['/usr/bin/bash is kept', …]
 */
export async function explainFrom(path: string, file: string): Promise<readonly string[]> {
  const only = new Set(withFoldersAbove(path));
  for (;;) {
    const manifest = await readManifest(file, { only });
    const asked = new Set<string>();
    const readLinks: StoredManifest['readLinks'] = (paths) => {
      for (const each of paths) asked.add(each);
      return manifest.readLinks(paths);
    };
    const kept: StoredManifest['kept'] = {
      get(each) {
        asked.add(each);
        return manifest.kept.get(each);
      },
    };
    const lines = await explain(path, { ...manifest, readLinks, kept });
    // What a link leads to, or a reason names, is known only when that has been read.
    const further = asked.difference(only);
    if (further.size === 0) return lines;
    for (const each of further) for (const place of withFoldersAbove(each)) only.add(place);
  }
}

/** A path as it is asked for, and each folder on its way. */
function withFoldersAbove(path: string): readonly string[] {
  const places = [path];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    places.push(path.slice(0, end));
  return places;
}
