import { type Findings, toFindings } from '@keepset/inventory';
import { UsageError } from '../../options/usage-error.js';
import { readJsonFile } from '../read-json-file.js';

const WRITERS = "'grype -o json' and 'trivy --format json' write it.";

/**
 * What a scanner found.
 *
 * @param option  by which the file was given
 * @throws UsageError  it holds something else
 */
export function readFindings(file: string, option: string): Findings {
  const findings = toFindings(readJsonFile(file, option, WRITERS));
  if (findings === undefined)
    throw new UsageError(
      `${option}: ${file} is neither grype's nor trivy's JSON, nor records of the OSV format`,
      WRITERS,
    );
  return findings;
}
