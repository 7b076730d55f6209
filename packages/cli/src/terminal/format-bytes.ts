const UNITS = ['B', 'kB', 'MB', 'GB'] as const;
/** Of each unit, as docker prints them. */
const DIGITS = [0, 1, 1, 2] as const;

/** 12 B, 3.4 kB, 170.4 MB, 2.26 GB: powers of ten, as docker prints them. */
export function formatBytes(sizeBytes: number): string {
  // What would be rounded to a thousand has the next unit.
  const place = Math.min(
    UNITS.length - 1,
    [999.5, 999_950, 999_950_000].filter((max) => sizeBytes >= max).length,
  );
  return `${(sizeBytes / 1000 ** place).toFixed(DIGITS[place])} ${UNITS[place]}`;
}
