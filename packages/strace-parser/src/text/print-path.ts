import { unescapeC } from './c-escape.js';
import { decodeBytes } from './decode-bytes.js';

/**
 * A path for people: UTF-8 shown as text, everything else in C escapes.
 *
 * The printed form is reversible: a backslash is doubled, a control character or a byte that is not part
 * of valid UTF-8 is `\ooo` (three octal digits, or `\n`, `\t`, `\r`). Characters that change how a line
 * looks (bidirectional overrides, line separators, invisible format characters) are escaped as well.
 *
 * @param path  a byte string: one UTF-16 unit per byte
 * @example printPath('/caf\u00c3\u00a9/\u00ff') // '/café/\\377'
 */
export function printPath(path: string): string {
  if (isPlain(path)) return path;
  let printed = '';
  for (let i = 0; i < path.length; ) {
    const lead = path.charCodeAt(i);
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;
    const character = decode(path.slice(i, i + length));
    const bytes = path.slice(i, i + (character === undefined ? 1 : length));
    if (character !== undefined && !HIDDEN.test(character)) printed += character;
    else for (const byte of bytes) printed += escapeByte(byte.charCodeAt(0));
    i += bytes.length;
  }
  return printed;
}

/**
 * The inverse of {@link printPath}.
 *
 * @returns a byte string; characters above U+007F become their UTF-8 bytes
 * @example parsePrintedPath('/café/\\377') // '/caf\u00c3\u00a9/\u00ff'
 */
export function parsePrintedPath(text: string): string {
  if (isPlain(text)) return text;
  return unescapeC(decodeBytes(toUtf8.encode(text)));
}

/** Whether each character stands for itself: most paths are read and written as they are. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code >= 127 || code === 92) return false;
  }
  return true;
}

/** A backslash, and what cannot be seen or changes how a line looks. */
const HIDDEN = /[\\\p{C}\p{Zl}\p{Zp}]/u;
const LETTER: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

function escapeByte(code: number): string {
  return LETTER[code] ?? `\\${code.toString(8).padStart(3, '0')}`;
}

/** The character that these bytes are in UTF-8; undefined if they are none. */
function decode(bytes: string): string | undefined {
  try {
    return strictUtf8.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
