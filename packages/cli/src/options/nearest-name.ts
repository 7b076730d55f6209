import leven from 'leven';

/** Farther than this, two names have nothing to do with each other. */
const EDITS_MAX = 2;

/**
 * The name that was probably meant.
 *
 * @param word  as it was typed
 * @returns undefined where none is near
 */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.min(EDITS_MAX, word.length - 1) + 1;
  for (const name of names) {
    const edits = leven(word, name, { maxDistance: fewest });
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = name;
  }
  return nearest;
}
