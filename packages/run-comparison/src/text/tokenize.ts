/** A piece of a line. All pieces together are the line. */
export interface Token {
  /** With the blanks around a number, which a column has more or less of. */
  readonly text: string;
  /** Without them. */
  readonly value: string;
  /**
   * `number`: also dates, times of day, addresses, digests, UUIDs, numbers with a sign or a unit. `other`: one character.
   */
  readonly kind: 'number' | 'word' | 'other';
  /** Of numbers: `time` is a date, a time of day or both; `hex` is an address, a digest, a UUID; `plain` is all else. */
  readonly form?: NumberForm;
}

export type NumberForm = 'time' | 'hex' | 'plain';

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*';
const CLOCK = String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?[AP]M\b)?`;
const ZONE = String.raw`(?:Z\b|[A-Z]{3,5}\b|[+-]\d{2}:?\d{2}\b)`;

/**
 * Bytes from 0x80 on are letters: lines are byte strings, and letters of most languages are written with them. What joins
 * words (`_`) does not belong to them: `plugins_12_a8f3` has three fields.
 */
const WORD_CHARACTER = String.raw`[0-9A-Za-z\x80-\xff]`;

/** Of date(1), ctime(3), RFC 5322, ISO 8601 and RFC 3339, and what loggers make of them. */
const DATE = String.raw`(?:${WEEKDAY},? +)?(?:${MONTH} +\d{1,2}|\d{1,2}[ -]${MONTH})(?:,?[ -]+\d{4})?(?:,? +${CLOCK})?(?: +${ZONE})?(?: +\d{4}\b)?`;
const ISO_DATE = String.raw`\d{4}[-/]\d{2}[-/]\d{2}(?:[T_ ]\d{2}[:-]?\d{2}(?:[:-]?\d{2})?(?:[.,]\d+)?)?(?: ?${ZONE})?`;
const ADDRESS = '0x[0-9a-fA-F]+';
const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** Of at least 32 bits; words of the language are shorter, or have no digit. */
const DIGEST = String.raw`(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{8,}`;
/** A hardware address, an IPv6 address, a fingerprint. */
const COLONS = '[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,}';
/** Of times and sizes: what takes 999 ms once takes 1.0 s next. The micro sign in UTF-8. */
const UNIT = String.raw`(?:%|(?: ?\xc2\xb5s|[a-zA-Z]{1,3})(?!${WORD_CHARACTER})| (?:[num]?s|secs?|seconds?|min|minutes?|h|hours?|[kKMGT]i?B|B|bytes?)\b)`;
/** What has more than one point (a version, an address) is several numbers, and what has commas a list of them. */
const DECIMAL = String.raw`(?<!\d\.)\d+\.\d+(?!\.?\d)`;
const NUMBER = String.raw`[+-]?(?:${DECIMAL}|\d+)(?:[eE][+-]?\d+)?${UNIT}?`;

const TIMES = `(?<time>${DATE}|${ISO_DATE}|${CLOCK}(?![:.]?\\d))`;
const HEX = `(?<hex>${ADDRESS}|${UUID}|${DIGEST}|${COLONS})`;
const TOKEN = new RegExp(
  `(?<number>(?:(?<![ \\t])[ \\t]+)?(?<!${WORD_CHARACTER})(?:${TIMES}|${HEX}|(?<plain>${NUMBER}))(?!${WORD_CHARACTER})[ \\t]*)|(?<word>${WORD_CHARACTER}+)`,
  'g',
);

/** Cut a line into numbers, words, and the single characters between. */
export function tokenize(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const addOthers = (until: number) => {
    for (; end < until; end++) {
      const text = line[end] as string;
      tokens.push({ text, value: text, kind: 'other' });
    }
  };
  for (const match of line.matchAll(TOKEN)) {
    addOthers(match.index);
    const [text] = match;
    const { number, time, hex, plain } = match.groups ?? {};
    const form = time !== undefined ? 'time' : hex !== undefined ? 'hex' : 'plain';
    if (number === undefined) tokens.push({ text, value: text, kind: 'word' });
    else tokens.push({ text, value: time ?? hex ?? plain ?? text, kind: 'number', form });
    end = match.index + text.length;
  }
  addOthers(line.length);
  return tokens;
}

/**
 * What may be base 64 or base64url (RFC 4648), by its length and letters of both cases. Long names look like it as well, and
 * paths without their first slash.
 */
const BASE64 = /(?<![\w+/-])((?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+][\w+/-]{15,}={0,2})/;

/** A line in an odd number of pieces, every second of which may be base 64. */
export function splitBase64(line: string): readonly string[] {
  return line.split(BASE64);
}
