const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte string as the text that a person would type for it; where it is not UTF-8, each byte a character. */
export function pathText(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
  if (/^[\x00-\x7f]*$/.test(path)) return path;
  try {
    return strictUtf8.decode(Uint8Array.from(path, (byte) => byte.charCodeAt(0)));
  } catch {
    return path;
  }
}

/** The bytes of a text, as a byte string. */
export function textPath(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
