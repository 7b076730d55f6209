import type { RunOutcome } from '@keepset/run-comparison';
import type { DepositMount } from '../deposit/deposit.js';

/**
 * What a run gave, without what was in its mounts before and is unchanged: a mount begins with its inputs.
 *
 * @param isKept  a path that counts all the same. Default none
 */
export function withoutInputs(
  outcome: RunOutcome,
  mounts: readonly Pick<DepositMount, 'target' | 'files'>[],
  isKept: (path: string) => boolean = () => false,
): RunOutcome {
  const inputs = new Map<string, string | undefined>();
  for (const { target, files } of mounts) {
    const at = (path: string) => Buffer.from(`${target.replace(/\/+$/, '')}/${path}`).toString('latin1');
    inputs.set(at('').replace(/\/$/, ''), undefined);
    for (const { path, sha256 } of files) {
      inputs.set(at(path), sha256);
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
        inputs.set(at(path.slice(0, end)), undefined);
    }
  }
  const isInput = (path: string, sha256: string | undefined) =>
    inputs.has(path) && inputs.get(path) === sha256;
  const files = [...outcome.files].filter(
    ([path, { content }]) => isKept(path) || !isInput(path, content?.sha256),
  );
  return { ...outcome, files: new Map(files) };
}
