/** Takes bytes as they come, and keeps the first of them. */
export interface ByteCollector {
  add(bytes: Uint8Array): void;
  bytes(): Uint8Array;
}

export function collectBytes(bytesMax: number): ByteCollector {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add(bytes) {
      if (size >= bytesMax) return;
      const piece = bytes.subarray(0, bytesMax - size);
      pieces.push(piece);
      size += piece.length;
    },
    bytes: () => Buffer.concat(pieces),
  };
}
