import leven from 'leven';

/** Farther than this, two names have nothing to do with each other. */
const EDITS_MAX = 2;

/**
 * A suggestion for the end of a message that something is not there.
 *
 * @param write  as the name is to be written
 * @example didYouMean('shrnk', ['shrink']) // ": did you mean 'shrink'?"
 */
export function didYouMean(
  word: string,
  names: Iterable<string>,
  write = (name: string) => `'${name}'`,
): string {
  const meant = nearestName(word, names);
  return meant === undefined ? '' : `: did you mean ${write(meant)}?`;
}

/** The same of a package, also where its ecosystem is named: `deb:openssl`. */
export function didYouMeanPackage(word: string, names: Iterable<string>): string {
  const [, ecosystem = '', name = word] = /^([a-z]+:)?(.*)$/s.exec(word) ?? [];
  return didYouMean(name, names, (meant) => `'${ecosystem}${meant}'`);
}

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
