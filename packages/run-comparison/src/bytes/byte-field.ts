/** What the bytes of a field may be. */
export type ByteKind = 'digits' | 'hex' | 'letters' | 'any';

/** From the narrowest. */
const WRITTEN: readonly (readonly [ByteKind, RegExp])[] = [
  ['digits', /[0-9]/],
  ['hex', /[0-9a-fA-F]/],
  ['letters', /[0-9A-Za-z]/],
];

const TABLES = new Map(
  WRITTEN.map(([kind, pattern]) => [
    kind,
    Array.from({ length: 256 }, (_, byte) => pattern.test(String.fromCharCode(byte))),
  ]),
);

export function isOfKind(kind: ByteKind, byte: number): boolean {
  return TABLES.get(kind)?.[byte] ?? true;
}

/** How many bytes in a row look like letters in two contents by chance: each does in one of 17 cases. */
export function fieldBytesMin(sizeBytes: number): number {
  const expectedMax = 0.05;
  return Math.max(4, Math.ceil(Math.log(sizeBytes / expectedMax) / Math.log(17)));
}

/**
 * What a byte that varies may be. In a field of letters and digits (a date, a digest) it may be one of these, as long as it
 * is so written in all samples; any other byte may be any.
 *
 * Its neighbours do not vary with it: a number that does may stand beside one that never does.
 *
 * @param pieces    of each sample, at the same place
 * @param bytesMin  of what is written in letters: `fieldBytesMin`
 */
export function kindAt(pieces: readonly Uint8Array[], at: number, bytesMin: number): ByteKind {
  for (const [kind] of WRITTEN) {
    const isWritten = (place: number) =>
      pieces.every((piece) => place in piece && isOfKind(kind, piece[place] as number));
    if (!isWritten(at)) continue;
    let [start, end] = [at, at + 1];
    while (end - start < bytesMin && isWritten(start - 1)) start--;
    while (end - start < bytesMin && isWritten(end)) end++;
    if (end - start >= bytesMin) return kind;
  }
  return 'any';
}
