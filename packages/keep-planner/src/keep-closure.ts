import type { ImageTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { KeptEnd } from './kept-ends.js';
import { addReason, type KeepRule, type Reason } from './reason.js';

/**
 * The ends with every link and directory on the ways to them, and every parent directory, as far as the
 * image has them.
 *
 * @returns  path → reasons, sorted by bytes, so parents come before children
 */
export function closeOverParents(ends: Iterable<KeptEnd>, tree: ImageTree): Map<RealPath, Reason[]> {
  const closed = new Map<RealPath, Reason[]>();
  const keep = (path: RealPath, reason: Reason) => {
    const reasons = closed.get(path);
    if (reasons === undefined) closed.set(path, [reason]);
    else addReason(reasons, reason);
  };
  const sorted = [...ends].sort((left, right) => (left.path < right.path ? -1 : 1));
  for (const { path, reasons } of sorted) closed.set(path, [...reasons]);
  for (const { path: end, crossed } of sorted) {
    for (const place of withParents(end, crossed)) {
      if (place === end) continue;
      const type = tree.get(place)?.type;
      if (type === undefined) continue;
      const rule: KeepRule = type === 'symlink' ? 'link' : 'parent';
      keep(place, { kind: 'rule', rule, from: end });
    }
  }
  return new Map([...closed].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function withParents(end: RealPath, crossed: ReadonlySet<RealPath>): ReadonlySet<RealPath> {
  const places = new Set<RealPath>();
  for (const path of [...crossed, end]) {
    for (let place: string = path; !places.has(place as RealPath); place = parentOf(place)) {
      places.add(place as RealPath);
    }
  }
  return places;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
