/**
 * What a terminal would act on or show otherwise than it is: control characters, other ends of lines, signs that turn the
 * direction of text or have no width. @see Unicode Standard Annex 9; CVE-2021-42574
 */
const ACTING =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Nearly all text holds nothing but these, of which none acts. */
const PLAIN = /^[ -~]*$/;

/**
 * Text of others as part of one line: whatever it holds, it ends no line and moves no cursor.
 *
 * @example plainLine('a\nb\x1b[2K') // 'a\\u000ab\\u001b[2K'
 */
export function plainLine(text: string): string {
  return PLAIN.test(text) ? text : text.replace(ACTING, escaped);
}

/** What keepset itself writes beside plain text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
const OWN = /\n|\t|\x1b\[\d{1,2}m/y;

/**
 * The last barrier before a terminal: text of several lines, of which only ends of lines, tabs and colours act. In JSON it
 * says the same.
 */
export function plainText(text: string): string {
  return text.replace(ACTING, (sign, at: number) => {
    OWN.lastIndex = at;
    return OWN.test(text) ? sign : escaped(sign);
  });
}

/** As in JSON and JavaScript. */
function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
