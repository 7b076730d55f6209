import type { ImageTree } from '@keepset/image-tree';
import type { KeptPath } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { toBytes } from '../../source/byte-string.js';
import { parentFolder } from '../../source/parent-folder.js';
import { commands } from './families/commands.js';
import { isLeftAside, isSource } from './left-aside.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import { isUnpackedSoftware, ownPlace } from './own-place.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** A single file beside those that were used is more often another program than a part of this one. */
const UNUSED_MIN = 2;
const FILES_SHOWN = 3;
const FOLDERS_SHOWN = 3;

/** Files that no package owns, beside used ones, were never used: pages and templates that nothing asked for. */
export function ownFilesUnused(facts: ShrinkFacts): OverShrinkSign | undefined {
  const found = [...usedFolders(facts)]
    .map((folder) => ({ folder, ...countFiles(folder, facts) }))
    .filter(({ unused }) => unused.length >= UNUSED_MIN)
    .sort((left, right) => right.unused.length - left.unused.length || (left.folder < right.folder ? -1 : 1));
  if (found.length === 0) return undefined;
  const shown = found.slice(0, FOLDERS_SHOWN).map(({ folder, unused, total }) => {
    const start = folder === '/' ? 1 : folder.length + 1;
    const names = unused.slice(0, FILES_SHOWN).map((path) => printPath(path.slice(start)));
    const others = unused.length > FILES_SHOWN ? ', …' : '';
    return `${unused.length} of the ${total} files in ${printPath(folder)} were never used: ${names.join(', ')}${others}`;
  });
  return {
    kind: 'own-files-unused',
    message: `${shown.join('; ')}${found.length > FOLDERS_SHOWN ? '; …' : ''}`,
    cure: 'run what needs them, or keep them; if nothing does, all is well',
  };
}

/** Of each place of the image's own, the deepest folder that holds all that was used there. */
function usedFolders({ plan, tree, config, isOwned }: ShrinkFacts): ReadonlySet<string> {
  const workingDirectory = toBytes((config.WorkingDir ?? '').replace(/(?<=.)\/+$/, ''));
  const folders = new Map<string, string>();
  for (const kept of plan.kept.values()) {
    const { path } = kept;
    if (!isAccessed(kept) || tree.get(path)?.type !== 'file' || isOwned(path)) continue;
    const place = ownPlace(path, workingDirectory);
    if (place === undefined || (place !== '/' && isUnpackedSoftware(place, tree))) continue;
    const folder = folders.get(place);
    const own = parentFolder(path);
    folders.set(place, folder === undefined ? own : commonFolder(folder, own));
  }
  return new Set(folders.values());
}

function isAccessed({ reasons }: KeptPath): boolean {
  return reasons.some(({ kind }) => kind === 'access');
}

function commonFolder(one: string, other: string): string {
  let common = one;
  while (common !== '/' && other !== common && !other.startsWith(`${common}/`)) common = parentFolder(common);
  return common;
}

interface FileCount {
  /** Sorted, without what is there for others than the program. */
  readonly unused: readonly string[];
  /** With those that were used. */
  readonly total: number;
}

function countFiles(folder: string, { tree, plan, isOwned }: ShrinkFacts): FileCount {
  const unused: string[] = [];
  const usedKinds = new Set<string>();
  let used = 0;
  for (const path of ownFiles(folder, tree)) {
    if (isOwned(path)) continue;
    if (plan.kept.has(path)) {
      used++;
      usedKinds.add(kindOf(path));
    } else if (
      commands.nameOf(path) === undefined &&
      !isLeftAside(path.slice(folder.length), (beside) => tree.has(folder + beside))
    )
      unused.push(path);
  }
  // What is compiled into others is not read itself; where one of its kind was, the others may be as well.
  const counted = unused.filter((path) => !isSource(path) || usedKinds.has(kindOf(path)));
  return { unused: counted, total: used + counted.length };
}

/** The files below a folder, but for those of software that was unpacked there; of `/`, those directly in it. */
function* ownFiles(folder: string, tree: ImageTree): Generator<TreePath> {
  if (folder === '/') {
    for (const { path, type } of tree.children('/')) if (type === 'file') yield path;
    return;
  }
  let passed: string | undefined;
  for (const { path, type } of tree.descendants(folder)) {
    if (passed !== undefined && path.startsWith(passed)) continue;
    if (type === 'directory' && isUnpackedSoftware(path, tree)) passed = `${path}/`;
    if (type === 'file') yield path;
  }
}

type TreePath = KeptPath['path'];

function kindOf(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0].toLowerCase() ?? '';
}
