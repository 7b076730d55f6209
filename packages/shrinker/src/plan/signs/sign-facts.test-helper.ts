import { type TreeEntry, toTree } from '@keepset/image-tree';
import type { AccessReason, KeepPlan, KeptPath } from '@keepset/keep-planner';
import type { RealPath } from '@keepset/symlink-resolver';
import type { ShrinkFacts } from './shrink-facts.js';

/** What of an entry matters; missing parents are made. */
export type SignTree = Readonly<
  Record<string, Partial<Pick<TreeEntry, 'type' | 'mode' | 'sizeBytes' | 'linkTarget'>>>
>;

export function signTree(files: SignTree) {
  const entries = new Map<string, TreeEntry>();
  let inode = 0;
  const add = (path: string, fields: Partial<TreeEntry>) =>
    entries.set(path, {
      path: path as RealPath,
      type: 'directory',
      mode: 0o755,
      uid: 0,
      gid: 0,
      sizeBytes: 0,
      mtimeSeconds: 0,
      inode: `1:${++inode}`,
      linkCount: 1,
      ...fields,
    });
  add('/', {});
  for (const [path, fields] of Object.entries(files)) {
    for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      if (!entries.has(path.slice(0, at))) add(path.slice(0, at), {});
    }
    add(path, { type: 'file', ...fields });
  }
  return toTree(entries.values());
}

/** A file of each path, a link for `PATH -> TARGET`. */
export function treeOf(paths: readonly string[]) {
  return signTree(
    Object.fromEntries(
      paths.map((each) => {
        const [path = '', linkTarget] = each.split(' -> ');
        return [path, linkTarget === undefined ? { sizeBytes: 1 } : { type: 'symlink' as const, linkTarget }];
      }),
    ),
  );
}

/** A path that a run used, in the way that is said; `PATH (stat)`, else it was opened. */
function keptPath(text: string): KeptPath {
  const [, path = '', action = 'open', asked] = /^(\S+)(?: \((\w+)(?: as (\S+))?\))?$/.exec(text) ?? [];
  const reason = {
    kind: 'access',
    run: 'main',
    action,
    call: action,
    line: 1,
    count: 1,
    ...(asked && { asked }),
  };
  return {
    path: path as RealPath,
    reasons: action === 'rule' ? [{ kind: 'rule', rule: 'keep' }] : [reason as AccessReason],
  };
}

/** What of the facts a test says; the rest is that of a run in which all went well. */
export function signFacts({
  kept = [],
  executed = ['/bin/prog'],
  listed = [],
  ...facts
}: Partial<Omit<ShrinkFacts, 'plan'>> & {
  readonly kept?: readonly string[];
  readonly executed?: readonly string[];
  readonly listed?: readonly string[];
}): ShrinkFacts {
  const plan: KeepPlan = {
    kept: new Map(kept.map(keptPath).map((each) => [each.path, each])),
    executed: executed as readonly RealPath[],
    listed: listed as readonly RealPath[],
    warnings: [],
  };
  return {
    config: {},
    tree: treeOf([]),
    runs: [{ exitStatus: 0, seconds: 9 }],
    isOwned: () => false,
    scripts: [],
    ...facts,
    plan,
  };
}
