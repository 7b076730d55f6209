/** Kinds of what a version is made of, in the order in which apk looks for them; the end is the last. */
const KIND = {
  laterNumber: 0,
  number: 1,
  letter: 2,
  suffix: 3,
  suffixNumber: 4,
  revision: 5,
  end: 6,
} as const;

const PRE_RELEASES = ['alpha', 'beta', 'pre', 'rc'];
const POST_RELEASES = ['cvs', 'svn', 'git', 'hg', 'p'];

interface Token {
  readonly kind: number;
  readonly value: bigint;
}

/**
 * Compare two versions as apk does: `NUMBER{.NUMBER}[LETTER]{_SUFFIX[NUMBER]}[-rNUMBER]`.
 *
 * @returns  negative, 0 or positive; undefined where one is no version (`~HASH` of apk 3 is not read)
 * @see apk-package(5), "Package version"
 */
export function compareApkVersions(one: string, other: string): number | undefined {
  const [left, right] = [tokensOf(one), tokensOf(other)];
  if (left === undefined || right === undefined) return undefined;
  const END: Token = { kind: KIND.end, value: 0n };
  for (let at = 0; ; at++) {
    const [a, b] = [left[at] ?? END, right[at] ?? END];
    if (a.kind === b.kind) {
      if (a.value !== b.value) return a.value < b.value ? -1 : 1;
      if (a.kind === KIND.end) return 0;
      continue;
    }
    // What comes before a release is older than anything else that may stand here.
    if (a.kind === KIND.suffix && a.value < 0n) return -1;
    if (b.kind === KIND.suffix && b.value < 0n) return 1;
    return a.kind > b.kind ? -1 : 1;
  }
}

function tokensOf(version: string): Token[] | undefined {
  const parts = /^(\d+)((?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(?:-r(\d+))?$/.exec(version);
  if (parts === null) return undefined;
  const [, first = '', later = '', letter = '', suffixes = '', revision] = parts;
  const tokens: Token[] = [{ kind: KIND.number, value: BigInt(first) }];
  for (const number of later.split('.').slice(1)) {
    const zeros = /^0*/.exec(number)?.[0].length ?? 0;
    // With zeros before it, a later number counts as a fraction: the more zeros, the less.
    if (zeros > 0) tokens.push({ kind: KIND.laterNumber, value: BigInt(-zeros) });
    if (zeros < number.length) {
      const kind = zeros > 0 ? KIND.number : KIND.laterNumber;
      tokens.push({ kind, value: BigInt(number.slice(zeros)) });
    }
  }
  if (letter !== '') tokens.push({ kind: KIND.letter, value: BigInt(letter.charCodeAt(0)) });
  for (const [, name = '', number = ''] of suffixes.matchAll(/_([a-z]+)(\d*)/g)) {
    const value = PRE_RELEASES.includes(name)
      ? PRE_RELEASES.indexOf(name) - PRE_RELEASES.length
      : POST_RELEASES.indexOf(name);
    if (value === -1 && name !== 'rc') return undefined;
    tokens.push({ kind: KIND.suffix, value: BigInt(value) });
    if (number !== '') tokens.push({ kind: KIND.suffixNumber, value: BigInt(number) });
  }
  if (revision !== undefined) tokens.push({ kind: KIND.revision, value: BigInt(revision) });
  return tokens;
}
