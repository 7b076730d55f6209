import type { MapCell } from './lay-out-map.js';

type PlacedCell = Pick<MapCell, 'left' | 'top' | 'width' | 'height'>;

/** How far `to` lies beyond `from` in the direction of a key; negative where it does not. */
const GAPS: Readonly<Record<string, (from: PlacedCell, to: PlacedCell) => number>> = {
  ArrowLeft: (from, to) => from.left - (to.left + to.width),
  ArrowRight: (from, to) => to.left - (from.left + from.width),
  ArrowUp: (from, to) => from.top - (to.top + to.height),
  ArrowDown: (from, to) => to.top - (from.top + from.height),
};

/** What is not opposite costs more than what is far. */
const ASIDE_COST = 10;

/**
 * Where a key leads: to the nearest area in that direction, to the first or the last.
 *
 * @returns undefined where there is none, or the key is another
 */
export function nextCell<Cell extends PlacedCell>(
  key: string,
  from: Cell,
  cells: readonly Cell[],
): Cell | undefined {
  if (key === 'Home') return cells[0];
  if (key === 'End') return cells.at(-1);
  const gap = GAPS[key];
  if (gap === undefined) return undefined;
  const isAcross = key === 'ArrowLeft' || key === 'ArrowRight';
  let best: Cell | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const cell of cells) {
    const along = gap(from, cell);
    if (along < 0) continue;
    const aside = isAcross
      ? Math.max(gapOf('ArrowUp', from, cell), gapOf('ArrowDown', from, cell))
      : Math.max(gapOf('ArrowLeft', from, cell), gapOf('ArrowRight', from, cell));
    const cost = along + ASIDE_COST * Math.max(0, aside);
    if (cost < bestCost) [best, bestCost] = [cell, cost];
  }
  return best;
}

function gapOf(key: string, from: PlacedCell, to: PlacedCell): number {
  return GAPS[key]?.(from, to) ?? 0;
}
