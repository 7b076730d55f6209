/** The one thing taken from Node's Buffer, where there is one: it is ten times as fast as plain JavaScript. */
interface FastBuffer {
  from(buffer: ArrayBufferLike, offset: number, length: number): { latin1Slice(): string };
}

const fast = (globalThis as unknown as { Buffer?: FastBuffer }).Buffer;
// More arguments than this overflow the stack of some engines.
const CALL_LIMIT = 8 * 1024;

/** Bytes as a byte string: one UTF-16 unit per byte. (TextDecoder's "latin1" is windows-1252 and is not that.) */
export function decodeBytes(bytes: Uint8Array): string {
  if (fast !== undefined) return fast.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice();
  let text = '';
  for (let i = 0; i < bytes.length; i += CALL_LIMIT) {
    text += String.fromCharCode(...bytes.subarray(i, i + CALL_LIMIT));
  }
  return text;
}
