/** Chance that is the same for the same seed (mulberry32). */
export interface Chance {
  /** From 0 to 1, without 1. */
  next(): number;
  below(limit: number): number;
  list<T>(length: number, make: (at: number) => T): T[];
  letters(alphabet: string, length: number): string;
  hex(length: number): string;
  bytes(length: number): Buffer;
  shuffled<T>(all: readonly T[]): T[];
}

export function createChance(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const list = <T>(length: number, make: (at: number) => T) => Array.from({ length }, (_, at) => make(at));
  const letters = (alphabet: string, length: number) =>
    list(length, () => alphabet[below(alphabet.length)] as string).join('');
  return {
    next,
    below,
    list,
    letters,
    hex: (length) => letters('0123456789abcdef', length),
    bytes: (length) => Buffer.from(list(length, () => below(256))),
    shuffled(all) {
      const rest = [...all];
      return list(all.length, () => rest.splice(below(rest.length), 1)[0] as never);
    },
  };
}
