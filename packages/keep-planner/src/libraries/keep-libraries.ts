import type { RealPath, Resolution } from '@keepset/symlink-resolver';
import { resolveTogether } from '../closure/resolve-together.js';
import type { Keeping } from '../plan/keeping.js';
import { PlanError } from '../plan/plan-error.js';
import { type ElfDynamic, parseElfDynamic } from './elf-dynamic.js';

/** A shared library of the image. */
export interface LibraryFile {
  readonly path: RealPath;
  readonly dynamic: ElfDynamic;
}

/** Larger than what is loaded for a name, and small enough to be read whole. */
export const MAX_LIBRARY_BYTES = 64 * 1024 * 1024;
/** Each library is read once, so this ends; a chain as long as this is none. */
const MAX_DEPTH = 16;

/** The C library, its loader and its parts: they need only each other, and are where any program runs. */
const C_LIBRARY = /^(?:ld-(?:linux|musl)|lib(?:c|m|dl|rt|pthread|resolv|util|anl)\.so\.)/;

/**
 * Read shared libraries, in one question.
 *
 * @param paths  real paths
 * @returns those that are libraries of the image
 * @throws PlanError PLAN_BAD_SOURCE
 */
export async function readLibraries(
  paths: readonly RealPath[],
  { source }: Pick<Keeping, 'source'>,
): Promise<readonly LibraryFile[]> {
  const files = [...new Set(paths)].filter((path) => source.tree.get(path)?.type === 'file');
  if (files.length === 0) return [];
  const contents = await source.readHeads(files, MAX_LIBRARY_BYTES);
  if (contents.length !== files.length)
    throw new PlanError('PLAN_BAD_SOURCE', `the source gave ${contents.length} of ${files.length} libraries`);
  return files.flatMap((path, index) => {
    const content = contents[index];
    const dynamic = content && parseElfDynamic(content);
    return dynamic === undefined ? [] : [{ path, dynamic }];
  });
}

/**
 * Keep what libraries need, level by level, as the loader would find it: in the folders that each names, then in its own
 * folder, where the libraries of one machine lie together, then in the loader's.
 *
 * @param folders  of the loader
 */
export async function keepNeededLibraries(
  libraries: readonly LibraryFile[],
  folders: readonly string[],
  keeping: Keeping,
): Promise<void> {
  const { source, ends } = keeping;
  const seen = new Set<string>(libraries.map(({ path }) => path));
  let level = libraries;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const wanted = level.flatMap(({ path, dynamic }) =>
      dynamic.needed.map((name) => ({ by: path, name, searched: dynamic.searched })),
    );
    const requests = wanted.map(({ by, name, searched }) => {
      const own = by.slice(0, by.lastIndexOf('/'));
      const first = searched.map((folder) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, own));
      return [...first, own, ...folders].map((folder) => ({ path: `${folder}/${name}` }));
    });
    const resolutions = await resolveTogether(requests, source);
    const next: RealPath[] = [];
    for (const [index, { by, name }] of wanted.entries()) {
      const found = (resolutions[index] as readonly Resolution[]).find(
        ({ failure, path }) => failure === undefined && source.tree.get(path)?.type === 'file',
      );
      if (found === undefined) continue;
      ends.add(found, [{ kind: 'rule', rule: 'library', from: by }]);
      if (seen.has(found.path) || C_LIBRARY.test(name)) continue;
      seen.add(found.path);
      next.push(found.path);
    }
    level = await readLibraries(next, keeping);
  }
}
