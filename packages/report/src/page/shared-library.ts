import type { ReportEntry } from '../report-data.js';

const NAME = /\.so(?:\.[0-9.]+)?$/;

/** A file that is named like a shared library. */
export function isSharedLibrary({ type, path }: Pick<ReportEntry, 'type' | 'path'>): boolean {
  return type === 'file' && NAME.test(path);
}
