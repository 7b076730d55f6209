/** How many times as many, or as few, there may be as ever, where their number varies: a busy machine is slower. */
const FACTOR = 4;

/** How many there may be; where there always was one, there is one. */
export function countRange(counts: readonly number[]): readonly [fewest: number, most: number] {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === most) return [least, most];
  return [Math.min(least, Math.max(1, Math.floor(least / FACTOR))), most * FACTOR];
}
