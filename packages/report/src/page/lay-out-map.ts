import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { groupOf, type MapNode } from './file-tree.js';

/** Where a node lies, in pixels from the left and the top of the map. */
export interface MapCell {
  readonly node: MapNode;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What is in it, in pixels of the map as well. */
  readonly inner: readonly MapCell[];
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** Of the source all bytes are drawn, of the result those that were kept. */
export type MapSide = 'source' | 'result';

/** Of each level. More areas side by side cannot be told apart: the smallest are drawn as one. */
const CELLS_MAX: readonly number[] = [60, 24, 12];
/** A node's name stands above what is in it. */
const LABEL_HEIGHT_PX = 18;
const GAP_PX = 2;

/** Three levels of a node, laid out. */
export function layOutMap(node: MapNode, side: MapSide, { width, height }: MapSize): readonly MapCell[] {
  const root = hierarchy<Laid>({ node, level: 0 }, ({ node: parent, level }) => {
    const max = CELLS_MAX[level];
    if (max === undefined) return [];
    return drawn(parent, side, max).map((child) => ({ node: child, level: level + 1 }));
  });
  // What is in a node weighs as much as the node, unless some of it is nothing.
  root.eachAfter((each) => {
    const inner = (each.children ?? []).reduce((sum, { value = 0 }) => sum + value, 0);
    (each as { value?: number }).value = each.children ? inner : bytesOf(each.data.node, side);
  });
  const laid = treemap<Laid>()
    .tile(treemapSquarify)
    .size([width, height])
    .paddingInner(GAP_PX)
    .paddingTop((each) => (each.depth > 0 && each.children ? LABEL_HEIGHT_PX : 0))
    .round(true)(root);
  return (laid.children ?? []).map((each) => toCell(each, { width, height }));
}

interface Laid {
  readonly node: MapNode;
  readonly level: number;
}

interface LaidNode {
  readonly data: Laid;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly children?: LaidNode[] | undefined;
}

function toCell({ data, x0, y0, x1, y1, children = [] }: LaidNode, size: MapSize): MapCell {
  return {
    node: data.node,
    // What is narrower than the gap is laid on the edge, or rounded beyond it.
    left: Math.min(x0, size.width),
    top: Math.min(y0, size.height),
    width: Math.min(x1, size.width) - Math.min(x0, size.width),
    height: Math.min(y1, size.height) - Math.min(y0, size.height),
    inner: children.map((each) => toCell(each, size)),
  };
}

export function bytesOf({ sizeBytes, keptBytes }: MapNode, side: MapSide): number {
  return side === 'source' ? sizeBytes : keptBytes;
}

/** The children that have bytes; beyond `max`, the smallest in one. */
function drawn(node: MapNode, side: MapSide, max: number): readonly MapNode[] {
  const children = node
    .children()
    .filter((child) => bytesOf(child, side) > 0)
    .sort((one, other) => bytesOf(other, side) - bytesOf(one, side));
  if (children.length <= max) return children;
  const rest = children.slice(max - 1);
  return [...children.slice(0, max - 1), groupOf(`${rest.length} smaller ones`, rest)];
}
