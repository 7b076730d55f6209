import { writeFile } from 'node:fs/promises';
import { readManifest, renderReport, toReportData } from '@keepset/shrinker';
import { describeWarnings } from './describe-warnings.js';

/** Make the page of a manifest, with all its warnings. */
export async function writeReport(manifestFile: string, reportFile: string): Promise<void> {
  const manifest = await readManifest(manifestFile);
  const warnings = describeWarnings(manifest, { shown: Number.POSITIVE_INFINITY });
  await writeFile(reportFile, await renderReport(toReportData(manifest, warnings)));
}
