/** Bytes that one call of `fromCharCode` may be given as arguments. */
const BATCH_BYTES = 8 * 1024;

/** Each byte one character (latin1). A new string, so that it does not keep the chunk it came from alive. */
export function byteString(bytes: Uint8Array): string {
  if (bytes.length <= BATCH_BYTES) return toCharacters(bytes);
  let text = '';
  for (let start = 0; start < bytes.length; start += BATCH_BYTES) {
    text += toCharacters(bytes.subarray(start, start + BATCH_BYTES));
  }
  return text;
}

function toCharacters(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
