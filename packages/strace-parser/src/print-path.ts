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
    const length = utf8Length(path, i);
    const character = length > 0 ? decode(path, i, length) : '';
    if (length > 0 && (length > 1 || character !== '\\') && !/[\p{C}\p{Zl}\p{Zp}]/u.test(character)) {
      printed += character;
      i += length;
    } else {
      const last = i + Math.max(1, length);
      for (; i < last; i++) printed += escapeByte(path.charCodeAt(i));
    }
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
  let bytes = '';
  for (let i = 0; i < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(i) ?? 0);
    if (character !== '\\') {
      bytes += character < '\u0080' ? character : encode(character);
      i += character.length;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(i + 1, i + 4))?.[0];
    const letter = text.charAt(i + 1);
    bytes +=
      octal === undefined ? (LETTER_BYTE[letter] ?? letter) : String.fromCharCode(Number.parseInt(octal, 8));
    i += octal === undefined ? 2 : 4;
  }
  return bytes;
}

/** Whether each character stands for itself: most paths are read and written as they are. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code >= 127 || code === 92) return false;
  }
  return true;
}

const BYTE_LETTER: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };
const LETTER_BYTE: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

function escapeByte(code: number): string {
  return BYTE_LETTER[code] ?? `\\${code.toString(8).padStart(3, '0')}`;
}

function bytesOf(path: string, start: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => path.charCodeAt(start + i));
}

function decode(path: string, start: number, length: number): string {
  return length === 1 ? path.charAt(start) : strictUtf8.decode(bytesOf(path, start, length));
}

function encode(character: string): string {
  return String.fromCharCode(...toUtf8.encode(character));
}

/** Length in bytes of the valid UTF-8 sequence at `start`, 0 when there is none. */
function utf8Length(path: string, start: number): number {
  const lead = path.charCodeAt(start);
  if (lead < 128) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || lead > 0xf4 || start + length > path.length) return 0;
  try {
    strictUtf8.decode(bytesOf(path, start, length));
    return length;
  } catch {
    return 0;
  }
}
