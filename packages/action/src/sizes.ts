const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** As keepset prints sizes: powers of ten. */
export function formatBytes(sizeBytes: number): string {
  const place = Math.min(
    UNITS.length - 1,
    [999.5, 999_950, 999_950_000].filter((max) => sizeBytes >= max).length,
  );
  return `${(sizeBytes / 1000 ** place).toFixed(place === 0 ? 0 : place === 3 ? 2 : 1)} ${UNITS[place]}`;
}

/** With its sign, also where it is nothing. */
export function signedBytes(deltaBytes: number): string {
  return `${deltaBytes < 0 ? '−' : '+'}${formatBytes(Math.abs(deltaBytes))}`;
}
