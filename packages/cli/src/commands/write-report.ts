import { writeFile } from 'node:fs/promises';
import { readManifest, toReportData } from '@keepset/manifest';
import { renderReport } from '@keepset/report';
import { describeWarnings } from '../terminal/describe-warnings.js';
import { maskedText } from '../terminal/masked-text.js';

/** Make the page of a manifest, with all its warnings. */
export async function writeReport(manifestFile: string, reportFile: string): Promise<void> {
  const manifest = await readManifest(manifestFile);
  const warnings = describeWarnings(manifest, { shown: Number.POSITIVE_INFINITY });
  const notCompared = manifest.masked.map((masked) => `${masked.run}: ${maskedText(masked)}`);
  await writeFile(reportFile, renderReport(toReportData(manifest, { warnings, notCompared })));
}
