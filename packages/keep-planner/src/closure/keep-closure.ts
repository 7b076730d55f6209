import type { ImageTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { KeptPath } from '../plan/keep-plan.js';
import { addReason, type KeepRule, type Reason } from '../plan/reason.js';
import type { KeptEnds } from './kept-ends.js';

/**
 * The ends with every link and directory on the ways to them, and every parent directory, as far as the
 * image has them.
 *
 * @returns  sorted by bytes, so parents come before children
 */
export function closeOverParents(ends: KeptEnds, tree: ImageTree): ReadonlyMap<RealPath, KeptPath> {
  const closed = new Map<RealPath, Reason[]>();
  const sorted = ends.sorted();
  for (const { path, reasons } of sorted) closed.set(path, [...reasons]);
  for (const { path: end, crossed } of sorted) {
    for (const place of withParents(end, crossed)) {
      if (place === end) continue;
      const type = tree.get(place)?.type;
      if (type === undefined) continue;
      const rule: KeepRule = type === 'symlink' ? 'link' : 'parent';
      const reasons = closed.get(place) ?? [];
      closed.set(place, reasons);
      addReason(reasons, { kind: 'rule', rule, from: end });
    }
  }
  const paths = [...closed].sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(
    paths.map(([path, reasons]) => {
      return [path, ends.get(path)?.isStub ? { path, reasons, stub: true } : { path, reasons }];
    }),
  );
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
