import type { Verification } from '@keepset/manifest';
import { formatCount } from './format-count.js';

/** How many files were compared, exactly or but for what varies. */
export function comparedFiles({ files }: Pick<Verification, 'files'>): number {
  return files.exactly + files.byMask;
}

/** Whether the result does the same, and in what. */
export function verdictText(verification: Verification): string {
  if (verification.level === 'not verified') return 'no';
  const files = comparedFiles(verification);
  const count = files === 1 ? 'the file' : `the ${formatCount(files)} files`;
  const written = files === 0 ? '' : `, and ${count} that it wrote`;
  const by = verification.reference === 'traced' ? ', held against the traced run' : '';
  const answer = verification.level === 'verified' ? 'yes' : 'in part';
  return `${answer}: the same exit status and output${written}${by}`;
}
