/**
 * Of pieces that each sequence has once, those whose order is to be relied on, in that order.
 *
 * Where the order never varies, these are all. Where it does, they are the pieces before which the same ones stand in each
 * sequence (a title, a sum at the end); and between two of these, if so many keep their order that chance does not do that,
 * they as well.
 *
 * @param sequences  at least one; of the same pieces
 */
export function findOrdered(sequences: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = sequences;
  const ranks = others.map((each) => new Map(each.map((piece, rank) => [piece, rank])));
  return cutWhereSame(first, ranks).flatMap((pieces) => {
    if (pieces.length === 1) return pieces;
    let kept: readonly string[] = pieces;
    for (const each of ranks) kept = longestIncreasing(kept, (piece) => each.get(piece) as number);
    return isNoChance(pieces.length, kept.length, sequences.length) ? kept : [];
  });
}

/** Cut a sequence wherever the same pieces stand before in each of the others. */
function cutWhereSame(
  first: readonly string[],
  ranks: readonly ReadonlyMap<string, number>[],
): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  let [start, most] = [0, -1];
  for (const [at, piece] of first.entries()) {
    for (const each of ranks) most = Math.max(most, each.get(piece) as number);
    if (most > at) continue;
    blocks.push(first.slice(start, at + 1));
    start = at + 1;
  }
  return blocks;
}

/** The longest of the subsequences whose ranks grow (patience sorting). */
function longestIncreasing(pieces: readonly string[], rankOf: (piece: string) => number): readonly string[] {
  /** For each length, the piece with the lowest rank that ends such a subsequence. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  for (const [at, piece] of pieces.entries()) {
    const rank = rankOf(piece);
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rankOf(pieces[ends[middle] as number] as string) < rank) low = middle + 1;
      else high = middle;
    }
    before.push(low === 0 ? undefined : ends[low - 1]);
    ends[low] = at;
  }
  const longest: string[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) longest.push(pieces[at] as string);
  return longest.reverse();
}

/** How many subsequences may keep their order by chance, expected: below it, none does. */
const EXPECTED_MAX = 1e-6;

/**
 * Whether so many of these keep their order in so many sequences only if it is no chance: of `total` pieces in any order, there
 * are total! / kept! / (total − kept)! ways to choose them, and each keeps its order in one of kept! cases a sequence.
 */
export function isNoChance(total: number, kept: number, sequences: number): boolean {
  const logOfExpected =
    logFactorial(total) -
    logFactorial(kept) -
    logFactorial(total - kept) -
    (sequences - 1) * logFactorial(kept);
  return logOfExpected < Math.log(EXPECTED_MAX);
}

export function logFactorial(number: number): number {
  let sum = 0;
  for (let each = 2; each <= number; each++) sum += Math.log(each);
  return sum;
}
