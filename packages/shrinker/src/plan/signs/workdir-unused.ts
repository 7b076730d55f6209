import type { ImageTree } from '@keepset/image-tree';
import { printPath } from '@keepset/strace-parser';
import { toBytes } from '../../source/byte-string.js';
import { isUsed } from './is-used.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** Nothing was used of WORKDIR, which has files. */
export function workdirUnused({ config, tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  const path = (config.WorkingDir ?? '').replace(/\/+$/, '');
  if (path === '' || plan.executed.length === 0) return undefined;
  if (!hasFiles(toBytes(path), tree) || isUsed(toBytes(path), plan)) return undefined;
  return {
    kind: 'workdir-unused',
    message: `no file was used of WORKDIR, ${printPath(toBytes(path))}`,
    cure: 'run what lies there; if nothing of it is needed, all is well',
  };
}

function hasFiles(path: string, tree: ImageTree): boolean {
  for (const { type } of tree.descendants(path)) if (type === 'file') return true;
  return false;
}
