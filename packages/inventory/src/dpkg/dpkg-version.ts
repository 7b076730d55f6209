/**
 * Compare two versions as dpkg does: epoch, then upstream version, then revision.
 *
 * @returns  negative, 0 or positive; undefined where one is no version
 * @see deb-version(7), "Sorting algorithm"
 */
export function compareDpkgVersions(one: string, other: string): number | undefined {
  const [left, right] = [parse(one), parse(other)];
  if (left === undefined || right === undefined) return undefined;
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function parse(version: string) {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(\d.*)$/.exec(version.trim()) ?? [];
  if (rest === '' || /[^A-Za-z0-9.+~:-]/.test(rest)) return undefined;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
    revision: hyphen === -1 ? '' : rest.slice(hyphen + 1),
  };
}

/** In turns: what is no digit, by the order of its characters; then a number. */
function compareParts(one: string, other: string): number {
  let [left, right] = [one, other];
  while (left !== '' || right !== '') {
    const [words, numbers] = [/^\D*/, /^\d*/];
    const [leftWord = '', rightWord = ''] = [words.exec(left)?.[0], words.exec(right)?.[0]];
    for (let at = 0; at < Math.max(leftWord.length, rightWord.length); at++) {
      const difference = order(leftWord[at]) - order(rightWord[at]);
      if (difference !== 0) return difference;
    }
    left = left.slice(leftWord.length);
    right = right.slice(rightWord.length);
    const [leftNumber = '', rightNumber = ''] = [numbers.exec(left)?.[0], numbers.exec(right)?.[0]];
    const difference = BigInt(leftNumber || 0) - BigInt(rightNumber || 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
    left = left.slice(leftNumber.length);
    right = right.slice(rightNumber.length);
  }
  return 0;
}

/** A tilde before the end, the end before letters, letters before the rest. */
function order(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
