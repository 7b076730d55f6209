/** How often each of some pieces is there. */
export type Multiset = ReadonlyMap<string, number>;

export function toMultiset(pieces: Iterable<string>): Multiset {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

export function isSameMultiset(one: Multiset, other: Multiset): boolean {
  return one.size === other.size && [...one].every(([piece, count]) => other.get(piece) === count);
}

/** Pieces that are in all of them, and as often in each. */
export function equallyOften(all: readonly Multiset[]): Multiset {
  const [first = new Map(), ...others] = all;
  return new Map([...first].filter(([piece, count]) => others.every((each) => each.get(piece) === count)));
}
