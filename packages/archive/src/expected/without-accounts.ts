import type { RunOutcome } from '@keepset/run-comparison';

/** By these an engine names a user whom the image does not know. */
const ACCOUNTS = ['/etc/passwd', '/etc/group'];
/** Podman's: the number is the name. */
const ENTRY = /^(\d+):[^:]*:\1:[^\n]*$/;
/** Who has more accounts than that has no image of a program. */
const ACCOUNT_BYTES_MAX = 1024 * 1024;

/**
 * What a run gave, without the account that the engine itself wrote into the container: Podman does, Docker does not.
 *
 * @param isExpected  a path that the recorded run wrote: there it counts
 */
export async function withoutAccounts(
  outcome: RunOutcome,
  isExpected: (path: string) => boolean,
): Promise<RunOutcome> {
  const files = new Map(outcome.files);
  for (const path of ACCOUNTS) {
    const content = files.get(path)?.content;
    if (content === undefined || isExpected(path) || content.sizeBytes > ACCOUNT_BYTES_MAX) continue;
    const lines = Buffer.concat(await Array.fromAsync(content.read()))
      .toString('latin1')
      .trimEnd()
      .split('\n');
    if (ENTRY.test(lines.at(-1) ?? '')) files.delete(path);
  }
  return { ...outcome, files };
}
