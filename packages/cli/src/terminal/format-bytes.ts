/** 170.4 MB, 2.26 GB: powers of ten, as docker prints them. */
export function formatBytes(sizeBytes: number): string {
  return sizeBytes >= 1e9 ? `${(sizeBytes / 1e9).toFixed(2)} GB` : `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
