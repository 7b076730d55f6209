import type { TreeEntry } from './tree-entry.js';

/** What makes a tree one that no file system could have. */
export interface TreeProblem {
  readonly path: string;
  readonly problem: /** Relative, or with `//`, `.`, `..`, a slash at the end or a NUL. */
    | 'not a real path'
    | 'name longer than 255 bytes'
    | 'twice'
    /** Not after the path before it, by bytes. */
    | 'out of order'
    | 'no parent'
    | 'parent is not a directory'
    | 'link without target'
    /** Names of one inode that differ in type, mode, owner, size or mtime. */
    | 'hard links differ'
    | 'more names than links';
}

/**
 * The oracle for whatever claims to be a tree: paths or entries, sorted by bytes. Tests call it wherever a
 * tree is made.
 *
 * @example expect(checkTree(tree.entries())).toEqual([])
 * @returns  every problem found; empty for a tree
 */
export function checkTree(items: Iterable<string | TreeEntry>): readonly TreeProblem[] {
  const problems: TreeProblem[] = [];
  const seen = new Map<string, TreeEntry | undefined>();
  const inodes = new Map<string, { readonly first: TreeEntry; names: number }>();
  let last = '';
  for (const item of items) {
    const entry = typeof item === 'string' ? undefined : item;
    const path = typeof item === 'string' ? item : item.path;
    const report = (problem: TreeProblem['problem']) => problems.push({ path, problem });

    if (!isReal(path)) report('not a real path');
    if (path.split('/').some((name) => name.length > 255)) report('name longer than 255 bytes');
    if (seen.has(path)) report('twice');
    else if (path < last) report('out of order');
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    if (path !== '/') {
      if (!seen.has(parent)) report('no parent');
      else if ((seen.get(parent)?.type ?? 'directory') !== 'directory') report('parent is not a directory');
    }
    if (entry?.type === 'symlink' && !entry.linkTarget) report('link without target');
    if (entry !== undefined && entry.type !== 'directory' && entry.linkCount > 1) {
      const inode = inodes.get(entry.inode) ?? { first: entry, names: 0 };
      inodes.set(entry.inode, inode);
      inode.names++;
      if (!sameInode(inode.first, entry)) report('hard links differ');
      if (inode.names > entry.linkCount) report('more names than links');
    }
    seen.set(path, entry);
    last = path;
  }
  return problems;
}

function isReal(path: string): boolean {
  if (path === '/') return true;
  const [first, ...names] = path.split('/');
  return (
    first === '' &&
    names.length > 0 &&
    !path.includes('\0') &&
    names.every((name) => name !== '' && name !== '.' && name !== '..')
  );
}

function sameInode(left: TreeEntry, right: TreeEntry): boolean {
  return (
    left.type === right.type &&
    left.mode === right.mode &&
    left.uid === right.uid &&
    left.gid === right.gid &&
    left.sizeBytes === right.sizeBytes &&
    left.mtimeSeconds === right.mtimeSeconds &&
    left.linkCount === right.linkCount
  );
}
