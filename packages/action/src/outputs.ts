import type { Facts } from './facts.js';

/** Values for the steps that follow. */
export type Outputs = Readonly<Record<string, string>>;

/** @param files  of the run, by what they are */
export function toOutputs(
  facts: Facts | undefined,
  { growth, exitStatus, files }: { growth: number | undefined; exitStatus: number; files: Outputs },
): Outputs {
  if (facts === undefined) return { verdict: exitStatus === 3 ? 'refused' : 'failed' };
  const { source, result, ratio, verdict } = facts;
  return {
    verdict,
    size: String(result.sizeBytes),
    'source-size': String(source.sizeBytes),
    ratio: ratio.toFixed(4),
    growth: growth === undefined ? '' : String(growth),
    id: result.id,
    digest: result.digest ?? '',
    ...files,
  };
}

/**
 * As the runner of GitHub Actions reads them from the file GITHUB_OUTPUT.
 *
 * @param delimiter  a line that no value holds
 */
export function githubOutput(outputs: Outputs, delimiter: string): string {
  return Object.entries(outputs)
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
    .join('');
}

/** As a dotenv report of GitLab: one line each. What would be another line is left out. */
export function dotenv(outputs: Outputs): string {
  return Object.entries(outputs)
    .map(
      ([name, value]) =>
        `KEEPSET_${name.toUpperCase().replaceAll('-', '_')}=${value.replace(/[\r\n]/g, ' ')}\n`,
    )
    .join('');
}
