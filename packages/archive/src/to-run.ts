import { type Run, restoreService } from '@keepset/shrinker';
import type { DepositMount, DepositRun } from './deposit/deposit.js';

/**
 * A run of a deposit, to be run: without a network, and with nothing that reaches out of its container.
 *
 * @param folderOf  on the engine's machine, of a mount; undefined: it has none
 */
export function toRun(
  { name, command, options, variables, mounts, asked }: DepositRun,
  folderOf: (mount: DepositMount) => string | undefined,
): Run {
  const [entrypoint = '', ...words] = command;
  const volume = mounts.flatMap((mount) => {
    const folder = folderOf(mount);
    return folder === undefined ? [] : [`${folder}:${mount.target}${mount.isReadOnly ? ':ro' : ''}`];
  });
  return {
    name,
    command: words,
    options: {
      ...options,
      entrypoint,
      network: 'none',
      ...(variables.length > 0 && { env: variables }),
      ...(volume.length > 0 && { volume }),
    },
    ...(asked !== undefined && { service: restoreService(asked) }),
    allowFailure: true,
  };
}
