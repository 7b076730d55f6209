import type { FileState, RunOutcome } from '@keepset/run-comparison';

/**
 * What a run gave, with the owners that its files are expected to have: for engines that do not tell them.
 *
 * @returns `isOther`  whether an owner was another
 */
export function withOwnersOf(
  samples: readonly Pick<RunOutcome, 'files'>[],
  outcome: RunOutcome,
): { readonly outcome: RunOutcome; readonly isOther: boolean } {
  let isOther = false;
  const files = new Map<string, FileState>();
  for (const [path, file] of outcome.files) {
    const { uid, gid } = samples.find((each) => each.files.has(path))?.files.get(path) ?? file;
    isOther ||= uid !== file.uid || gid !== file.gid;
    files.set(path, { ...file, uid, gid });
  }
  return { outcome: { ...outcome, files }, isOther };
}
