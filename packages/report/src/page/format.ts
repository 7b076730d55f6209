const UNITS = ['B', 'kB', 'MB', 'GB'];

/** Of each unit, as docker prints them. */
const DECIMALS = [0, 1, 1, 2];

/** 12 B, 3.4 kB, 170.4 MB, 2.26 GB: powers of ten, as docker and the summary of a shrink print them. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  // What would be rounded to 1000 is 1 of the next unit.
  while (Number(value.toFixed(DECIMALS[unit])) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(DECIMALS[unit])} ${UNITS[unit]}`;
}

/** 65,213 */
export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** 7.5 %; of nothing, 0 %. */
export function formatShare(part: number, whole: number): string {
  return `${whole === 0 ? '0' : ((100 * part) / whole).toFixed(1)} %`;
}
