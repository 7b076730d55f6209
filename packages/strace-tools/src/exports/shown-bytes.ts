import { printPath } from '@keepset/strace-parser';

/** Fields that hold byte strings, wherever they are. */
const BYTE_STRINGS: ReadonlySet<string> = new Set([
  'path',
  'realPath',
  'other',
  'root',
  'address',
  'program',
  'text',
  'argumentsText',
  'nextText',
  'reason',
  'argv',
  'programs',
  'cut',
]);

/**
 * The same value, in which every byte string has a readable twin beside it: `path` and `pathShown`, UTF-8 as text and
 * everything else in C escapes. Numbers beyond 2^53 become strings: JSON has no others.
 */
export function withShownBytes(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: () => unknown };
  if (typeof toJSON === 'function') return withShownBytes(toJSON.call(value));
  if (Array.isArray(value)) return value.map(withShownBytes);
  if (value instanceof Map) return withShownBytes(Object.fromEntries(value));
  const isString = (value as { kind?: unknown }).kind === 'string';
  const result: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    result[key] = withShownBytes(field);
    if (!BYTE_STRINGS.has(key) && !(isString && key === 'value')) continue;
    if (typeof field === 'string') result[`${key}Shown`] = printPath(field);
    else if (isListOfText(field)) result[`${key}Shown`] = field.map(printPath);
  }
  return result;
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
