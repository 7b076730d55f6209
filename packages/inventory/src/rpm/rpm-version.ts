/**
 * Compare two versions as rpm does: `[EPOCH:]VERSION[-RELEASE]`. Where one has no release, releases do not count.
 *
 * @returns  negative, 0 or positive
 * @see rpm-version(7)
 */
export function compareRpmVersions(one: string, other: string): number {
  const [left, right] = [parse(one), parse(other)];
  const byVersion = left.epoch - right.epoch || compareSegments(left.version, right.version);
  if (byVersion !== 0 || left.release === undefined || right.release === undefined) return byVersion;
  return compareSegments(left.release, right.release);
}

function parse(text: string) {
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(text) ?? [];
  return { epoch: Number(epoch), version, release };
}

/** Segments of digits or of letters; what is between them only parts them, but for `~` (older) and `^` (newer). */
function compareSegments(one: string, other: string): number {
  const [left, right] = [segments(one), segments(other)];
  for (let at = 0; ; at++) {
    const [a, b] = [left[at], right[at]];
    if (a === b) {
      if (a === undefined) return 0;
      continue;
    }
    for (const [mark, sign] of [
      ['~', -1],
      ['^', 1],
    ] as const) {
      // A tilde is before the end; a caret after it, but before any further segment.
      if (a === mark) return mark === '^' && b !== undefined ? -1 : sign;
      if (b === mark) return mark === '^' && a !== undefined ? 1 : -sign;
    }
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    const [aIsNumber, bIsNumber] = [/^\d/.test(a), /^\d/.test(b)];
    if (aIsNumber !== bIsNumber) return aIsNumber ? 1 : -1;
    if (!aIsNumber) return a < b ? -1 : 1;
    const difference = BigInt(a) - BigInt(b);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
}

function segments(text: string): string[] {
  return text.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
}
