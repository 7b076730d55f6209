/**
 * The C escapes of strace's strings: `\"`, `\n`, octal of minimal length, or hexadecimal under -x.
 * Decoded text is a byte string: one UTF-16 unit per byte.
 */

/** How strace wrote a string: octal escapes (the default), or every byte in hexadecimal (-x, -xx). */
export type EscapeStyle = 'octal' | 'hex';

const NAMED: Readonly<Record<string, number>> = { n: 10, t: 9, v: 11, f: 12, r: 13, a: 7, b: 8, e: 27 };
/** Of the bytes from 9 on. */
const LETTERS = 'tnvfr';

/**
 * The bytes that an escaped text stands for.
 *
 * @param raw  the text between the quotes (or inside `<…>`), as strace printed it
 * @returns    a byte string; an escape that strace does not use stands for its last character
 * @example unescapeC('a\\303\\251\\n') // 'aÃ©\n' (the bytes of "é" in UTF-8)
 */
export function unescapeC(raw: string): string {
  let slash = raw.indexOf('\\');
  if (slash < 0) return raw;
  let bytes = '';
  let from = 0;
  while (slash >= 0 && slash + 1 < raw.length) {
    bytes += raw.slice(from, slash);
    from = slash + 2;
    const letter = raw.charAt(slash + 1);
    const code = letter.charCodeAt(0);
    if (code >= 48 && code <= 55) {
      let value = code - 48;
      for (let digits = 1; digits < 3; digits++) {
        const digit = raw.charCodeAt(from) - 48;
        if (!(digit >= 0 && digit <= 7)) break;
        value = value * 8 + digit;
        from++;
      }
      bytes += String.fromCharCode(value & 255);
    } else if (letter === 'x') {
      const hex = /^[0-9a-fA-F]{1,2}/.exec(raw.slice(from, from + 2))?.[0];
      bytes += hex === undefined ? letter : String.fromCharCode(Number.parseInt(hex, 16));
      from += hex?.length ?? 0;
    } else {
      const named = NAMED[letter];
      bytes += named === undefined ? letter : String.fromCharCode(named);
    }
    slash = raw.indexOf('\\', from);
  }
  return bytes + raw.slice(from);
}

/**
 * The inverse of {@link unescapeC}: what strace prints for these bytes.
 *
 * @param bytes     a byte string
 * @param style     'hex' writes every byte as `\xNN`
 * @param alsoHide  further characters that are escaped by number: `<>` inside annotations
 */
export function escapeC(bytes: string, style: EscapeStyle = 'octal', alsoHide = ''): string {
  let text = '';
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i);
    const isPlain = code >= 32 && code < 127 && code !== 34 && code !== 92 && style !== 'hex';
    if (isPlain && (alsoHide === '' || !alsoHide.includes(bytes.charAt(i)))) continue;
    text += bytes.slice(from, i);
    from = i + 1;
    const next = bytes.charCodeAt(from);
    // Three digits before a digit: "\1" followed by "7" would read as byte 15.
    const digits = next >= 48 && next <= 57 ? 3 : 1;
    if (style === 'hex') text += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code === 34 || code === 92) text += `\\${bytes.charAt(i)}`;
    else text += `\\${LETTERS.charAt(code - 9) || code.toString(8).padStart(digits, '0')}`;
  }
  return text + bytes.slice(from);
}
