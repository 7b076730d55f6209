import type { ImageTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import { resolveTogether } from '../closure/resolve-together.js';
import { keepNeededLibraries, readLibraries } from '../libraries/keep-libraries.js';
import { libraryFolders, loaderConfiguration } from '../libraries/library-folders.js';
import { readTexts } from '../libraries/read-texts.js';
import type { Keeping } from '../plan/keeping.js';
import { followPrograms } from '../programs/follow-programs.js';
import { firstProgram, programRequests } from '../programs/program-search.js';

/** A program that somebody starts in the image, whom no trace shows. */
export interface CallersProgram {
  /** Absolute, or looked for in PATH. */
  readonly name: string;
  /** Who starts it; stands in the reason. */
  readonly caller: string;
  /** The caller can do without: where the image lacks it, there is no warning. */
  readonly optional?: true;
}

/** Keep programs that callers start, and what they need to be started. */
export async function keepCallersPrograms(
  programs: readonly CallersProgram[],
  keeping: Keeping,
): Promise<void> {
  if (programs.length === 0) return;
  const { needs, source, ends, warnings } = keeping;
  const found = await resolveTogether(
    programs.map(({ name }) => programRequests({ name, path: needs.path })),
    source,
  );
  const files: RealPath[] = [];
  for (const [index, { name, caller, optional }] of programs.entries()) {
    const resolution = firstProgram(found[index] ?? [], source.tree);
    if (resolution === undefined) {
      if (!optional) warnings.push({ kind: 'program-missing', need: caller, wanted: name });
      continue;
    }
    ends.add(resolution, [{ kind: 'rule', rule: 'caller', from: caller }]);
    files.push(resolution.path);
  }
  await keepStartable(files, keeping);
}

/** Keep what files need to be started: interpreters, loaders, and the libraries that are named in them. */
export async function keepStartable(paths: readonly RealPath[], keeping: Keeping): Promise<void> {
  const { source } = keeping;
  const files = paths.filter((path) => {
    const entry = source.tree.get(path);
    return entry?.type === 'file' && (entry.mode & 0o111) !== 0;
  });
  if (files.length === 0) return;
  const started = await followPrograms(
    files.map((path) => ({ path, traced: false })),
    keeping,
  );
  const texts = await readTexts(loaderConfiguration(source.tree), source);
  const folders = libraryFolders(texts, source.tree);
  for (const group of groupBySize(started, source.tree))
    await keepNeededLibraries(await readLibraries(group, keeping), folders, keeping);
}

/** Programs are read whole: so much of them is held at a time. */
const GROUP_BYTES_MAX = 64 * 1024 * 1024;

function groupBySize(paths: readonly RealPath[], tree: ImageTree): readonly (readonly RealPath[])[] {
  const groups: RealPath[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    sizeBytes += tree.get(path)?.sizeBytes ?? 0;
    if (sizeBytes > GROUP_BYTES_MAX) {
      groups.push([]);
      sizeBytes = tree.get(path)?.sizeBytes ?? 0;
    }
    groups.at(-1)?.push(path);
  }
  return groups;
}
