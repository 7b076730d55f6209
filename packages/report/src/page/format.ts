const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 12 B, 4.7 kB, 170.4 MB: powers of ten, as docker prints them. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value >= 99.95 && unit < 3 ? 0 : unit === 3 ? 2 : 1)} ${UNITS[unit]}`;
}

/** 65,213 */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** 7.5 %; of nothing, 0 %. */
export function formatShare(part: number, whole: number): string {
  return `${whole === 0 ? '0' : ((100 * part) / whole).toFixed(1)} %`;
}
