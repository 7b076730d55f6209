const NUL = Buffer.from([0]);
/** Enough for one write of the transport. */
const PIECE_BYTES = 64 * 1024;

/**
 * Byte strings as the list that GNU programs read with `--null`, `-0` or `-files0-from`.
 *
 * @example Buffer.concat([...nulSeparated(['/a', '/b'])]).toString() // '/a\0/b\0'
 */
export function* nulSeparated(paths: readonly string[]): Generator<Uint8Array> {
  let piece: Buffer[] = [];
  let bytes = 0;
  for (const path of paths) {
    const name = Buffer.from(path, 'latin1');
    piece.push(name, NUL);
    bytes += name.length + 1;
    if (bytes >= PIECE_BYTES) {
      yield Buffer.concat(piece);
      piece = [];
      bytes = 0;
    }
  }
  if (piece.length > 0) yield Buffer.concat(piece);
}
