import { writeFile } from 'node:fs/promises';
import { readManifest, type StoredManifest, toReportData } from '@keepset/manifest';
import { type ReportData, renderReport } from '@keepset/report';
import { describeWarnings } from '../terminal/describe-warnings.js';
import { maskedText, notComparedText } from '../terminal/masked-text.js';
import { reportHints } from '../terminal/report-hints.js';
import { verdictText } from '../terminal/verdict-text.js';

/** Make the page of a manifest, with all its warnings. */
export async function writeReport(manifestFile: string, reportFile: string): Promise<void> {
  const manifest = await readManifest(manifestFile);
  const words = {
    ...verdictOf(manifest),
    warnings: describeWarnings(manifest, { shown: Number.POSITIVE_INFINITY }),
    varying: manifest.masked.map((masked) => `${masked.run}: ${maskedText(masked)}`),
    notCompared: (manifest.verification?.notCompared ?? []).map(
      (each) => `${each.run}: ${notComparedText(each)}`,
    ),
    hints: reportHints(manifest),
  };
  await writeFile(reportFile, renderReport(toReportData(manifest, words)));
}

/** An older manifest tells no more than whether it was verified. */
function verdictOf({ verification, verified }: StoredManifest): Pick<ReportData, 'verdict'> {
  if (verification !== undefined) return { verdict: verdictText(verification) };
  return verified === undefined ? {} : { verdict: verified ? 'yes' : 'no' };
}
