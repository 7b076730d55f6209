import { UsageError } from '../options/usage-error.js';

/**
 * `--keep` takes a file to write the keep list to, as well as patterns: the form tells which. A value without
 * wildcards that is relative, or ends in `.txt`, is the file; everything else is a pattern.
 *
 * @see docs/decisions/0005-keep-option.md
 * @example ['keep.txt', '/usr/share/zoneinfo'] → { file: 'keep.txt', patterns: ['/usr/share/zoneinfo'] }
 */
export function splitKeepValues(values: readonly string[]): {
  readonly file: string | undefined;
  readonly patterns: readonly string[];
} {
  const files = values.filter(isFile);
  if (files.length > 1) {
    throw new UsageError(
      `--keep names two files to write the keep list to: ${files.join(' and ')}`,
      'A pattern begins with / or has a wildcard in it; --keep-file reads patterns from a file.',
    );
  }
  return { file: files[0], patterns: values.filter((value) => !isFile(value)) };
}

const WILDCARD = /[*?[\]{}]/;

function isFile(value: string): boolean {
  return !WILDCARD.test(value) && (!value.startsWith('/') || value.endsWith('.txt'));
}
