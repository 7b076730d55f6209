const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 12 B, 4.7 kB, 170 MB, 2.21 GB: powers of ten, as docker prints them, in three digits. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  // What would be rounded to 1000 is 1 of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(decimalsOf(value, unit))} ${UNITS[unit]}`;
}

function decimalsOf(value: number, unit: number): number {
  if (unit === 0 || value >= 99.95) return 0;
  return unit >= 3 && value < 9.995 ? 2 : 1;
}

/** 65,213 */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** 7.5 %; of nothing, 0 %. */
export function formatShare(part: number, whole: number): string {
  return `${whole === 0 ? '0' : ((100 * part) / whole).toFixed(1)} %`;
}
