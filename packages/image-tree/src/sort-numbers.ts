/**
 * Sort numbers by what they stand for; of equals, the first stays the first. The arrays' own sort takes 16 bytes of heap
 * for each, and as long for those that are in order.
 *
 * @returns the same numbers: in a new array, or in the given one
 * @example sortNumbers(Uint32Array.of(0, 1), (one, other) => sizes[other] - sizes[one]) // the largest first
 */
export function sortNumbers(
  numbers: Uint32Array,
  compare: (one: number, other: number) => number,
): Uint32Array {
  const { length } = numbers;
  let [from, to]: [Uint32Array, Uint32Array] = [numbers, new Uint32Array(length)];
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width)
      mergeRuns(from, to, {
        start,
        middle: Math.min(start + width, length),
        end: Math.min(start + 2 * width, length),
        compare,
      });
    [from, to] = [to, from];
  }
  return from;
}

interface Runs {
  /** Of the first, which ends where the second begins. */
  readonly start: number;
  readonly middle: number;
  /** Of the second. */
  readonly end: number;
  readonly compare: (one: number, other: number) => number;
}

function mergeRuns(from: Uint32Array, to: Uint32Array, { start, middle, end, compare }: Runs): void {
  if (middle === end || compare(from[middle - 1] as number, from[middle] as number) <= 0) {
    to.set(from.subarray(start, end), start);
    return;
  }
  let [left, right] = [start, middle];
  for (let at = start; at < end; at++) {
    const isLeft =
      right === end || (left < middle && compare(from[left] as number, from[right] as number) <= 0);
    to[at] = from[isLeft ? left++ : right++] as number;
  }
}
