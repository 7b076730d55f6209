import { UsageError } from '../../options/usage-error.js';

/** What has no part in a recording, by the options' names. */
export const OF_ONE_RUN = [
  ...['from', 'locked', 'run', 'file', 'tag', 'output', 'change', 'push', 'keep-list', 'manifest', 'report'],
  ...['archive', 'archive-metadata', 'archive-inputs', 'archive-env'],
  ...['attest', 'provenance', 'vex', 'sign'],
  ...['check', 'remainder', 'sbom', 'iidfile', 'metadata-file', 'http', 'exec', 'probe', 'ready'],
  ...['harden', 'base', 'layers-from'],
] as const;

/**
 * @param refuse  the name of an option → what is said, and what to do
 * @throws UsageError  one of the options was given
 */
export function requireNone(
  options: Readonly<Record<string, unknown>>,
  names: readonly string[],
  refuse: (option: string) => readonly [message: string, hint: string],
): void {
  const isGiven = (value: unknown) =>
    value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  const given = names.find((name) => isGiven(options[name]));
  if (given !== undefined) throw new UsageError(...refuse(given));
}
