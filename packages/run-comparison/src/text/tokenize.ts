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
/** Of the Common Log Format, which web servers write. */
const LOG_DATE = String.raw`\d{1,2}/${MONTH}/\d{4}:\d{2}:\d{2}:\d{2}(?: ${ZONE})?`;
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

/** Of time(1) and of Go: `0m1.234s`, `1h2m3s`. */
const DURATION = String.raw`(?:\d+d ?)?(?:\d+h ?)?(?:\d+m ?)\d+(?:[.,]\d+)?s`;

/** And no more of the like: a hardware address may begin with `12:34:`. */
const CLOCK_ALONE = String.raw`${CLOCK}(?![:.]?\d|:[0-9a-fA-F]{2}\b)`;

const TIME = `${LOG_DATE}|${DATE}|${ISO_DATE}|${CLOCK_ALONE}|${DURATION}`;
const HEX = `${ADDRESS}|${UUID}|${DIGEST}|${COLONS}`;
/** What begins with a letter with which no number does is one, and need not be looked at twice. */
const WORD = `[g-zGHIKLPQRUVXYZ\x80-\xff]${WORD_CHARACTER}*`;
const TOKEN = new RegExp(
  `${WORD}|(?<!${WORD_CHARACTER})(?:(${TIME})|(${HEX})|(${NUMBER}))(?!${WORD_CHARACTER})|${WORD_CHARACTER}+`,
  'g',
);
/** What the groups of it are. */
const FORMS: readonly NumberForm[] = ['time', 'hex', 'plain'];

/** Of one character: there are many of them, and few kinds. */
const OTHERS: readonly Token[] = Array.from({ length: 256 }, (_, code) => toOther(String.fromCharCode(code)));

function toOther(text: string): Token {
  return { text, value: text, kind: 'other' };
}

/** Lines are looked at more than once, soon after each other. */
const REMEMBERED_MAX = 10_000;
const remembered = new Map<string, readonly Token[]>();

/** Cut a line (a byte string, or `withRules` of one) into numbers, words, and the single characters between. */
export function tokenize(line: string): readonly Token[] {
  const known = remembered.get(line);
  if (known !== undefined) return known;
  const tokens = cut(line);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(line, tokens);
  return tokens;
}

function cut(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  const addOthers = (until: number) => {
    for (; end < until; end++) tokens.push(OTHERS[line.charCodeAt(end)] ?? toOther(line.charAt(end)));
  };
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(line); match !== null; match = TOKEN.exec(line)) {
    const [value] = match;
    const group = FORMS.findIndex((_, at) => match?.[at + 1] !== undefined);
    const isNumber = group >= 0;
    let [start, after] = [match.index, match.index + value.length];
    while (isNumber && start > end && isBlank(line[start - 1])) start--;
    while (isNumber && isBlank(line[after])) after++;
    addOthers(start);
    if (isNumber)
      tokens.push({
        text: line.slice(start, after),
        value,
        kind: 'number',
        form: FORMS[group] as NumberForm,
      });
    else tokens.push({ text: value, value, kind: 'word' });
    end = after;
  }
  addOthers(line.length);
  return tokens;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
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
