import { type KeepRule, openingReason } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import type { ReportData } from '@keepset/report';
import { printPath } from '@keepset/strace-parser';
import { formatBytes } from './format-bytes.js';
import { quoteWords } from './quote-words.js';

/**
 * What a report proposes to do next: make the result smaller, see what costs, and find what it lacks.
 *
 * @returns each with its line for a shell; MANIFEST and IMAGE stand for the names that the user knows
 */
export function reportHints(
  manifest: Pick<StoredManifest, 'entries' | 'kept' | 'runs'>,
): ReportData['hints'] {
  return [
    smallerHint(manifest),
    manifest.runs.length > 1
      ? {
          does: 'What each of several runs adds',
          line: "keepset cost --run NAME='COMMAND' --run NAME='COMMAND' IMAGE",
        }
      : { does: 'What each folder costs', line: 'keepset cost --by dir MANIFEST' },
    {
      does: 'What the result lacks, if another command fails in it',
      line: 'keepset doctor MANIFEST COMMAND',
    },
  ];
}

function smallerHint(manifest: Parameters<typeof reportHints>[0]): ReportData['hints'][number] {
  const unopened = largestUnopened(manifest);
  if (unopened === undefined)
    return {
      does: 'Smaller: shrink again without what you know is not needed (what a run opened has to stay)',
      line: 'keepset shrink --drop PATTERN … IMAGE COMMAND',
    };
  const { path, sizeBytes } = unopened;
  return {
    does: `Smaller: shrink again without what no run opened, such as ${formatBytes(sizeBytes)} in one file`,
    line: `keepset shrink --drop ${quoteWords([printPath(path)])} … IMAGE COMMAND`,
  };
}

/** Of what is kept; less is not worth a word. */
const SHARE_MIN = 0.01;

/** What the kernel opened for a run, and what scanners read, cannot be dropped either. */
const NEEDED: ReadonlySet<KeepRule> = new Set(['interpreter', 'loader', 'metadata']);

/** The largest file that `--drop` may name: no run opened it. */
function largestUnopened({
  entries,
  kept,
}: Pick<StoredManifest, 'entries' | 'kept'>):
  | { readonly path: string; readonly sizeBytes: number }
  | undefined {
  let keptBytes = 0;
  for (const { isKept, sizeBytes } of entries.values()) if (isKept) keptBytes += sizeBytes;
  for (const [path, entry] of entries.largestFirst()) {
    if (entry.sizeBytes < keptBytes * SHARE_MIN) return undefined;
    const reasons = entry.type === 'file' ? kept.get(path)?.reasons : undefined;
    if (reasons === undefined) continue;
    if (reasons.some((reason) => reason.kind === 'rule' && NEEDED.has(reason.rule))) continue;
    if (openingReason(entry, reasons) === undefined) return { path, sizeBytes: entry.sizeBytes };
  }
  return undefined;
}
