const UNITS = ['B', 'kB', 'MB', 'GB'] as const;
/** Of each unit, as docker prints them. */
const DIGITS = [0, 1, 1, 2] as const;
/** Bytes from which on each unit but the first is used: what would be rounded to a thousand has the next one. */
const FROM = [999.5, 999_950, 999_950_000] as const;

/** 12 B, 3.4 kB, 170.4 MB, 2.26 GB: powers of ten, as docker prints them. */
export function formatBytes(sizeBytes: number): string {
  const place = FROM.findLastIndex((from) => sizeBytes >= from) + 1;
  return `${(sizeBytes / 1000 ** place).toFixed(DIGITS[place])} ${UNITS[place]}`;
}
