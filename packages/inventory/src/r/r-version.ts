/**
 * Compare two versions as R does: numbers parted by `.` or `-`; what is longer is newer.
 *
 * @returns  negative, 0 or positive; undefined where one is no version
 * @see R's help of package_version and compareVersion
 */
export function compareRVersions(one: string, other: string): number | undefined {
  const isVersion = (text: string) => /^\d+(?:[.-]\d+)*$/.test(text);
  if (!isVersion(one) || !isVersion(other)) return undefined;
  const [left, right] = [one.split(/[.-]/).map(BigInt), other.split(/[.-]/).map(BigInt)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [a = 0n, b = 0n] = [left[at], right[at]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return left.length - right.length;
}
