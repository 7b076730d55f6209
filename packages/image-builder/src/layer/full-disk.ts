import { BuildError } from '../build-error.js';

/**
 * Why a layer could not be written.
 *
 * @returns BuildError BUILD_NO_SPACE when the disk of this machine is full, or `cause`
 */
export function explainFullDisk(cause: unknown, file: string): unknown {
  const { code } = cause as { code?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return cause;
  return new BuildError('BUILD_NO_SPACE', `no space left for the layer in ${file}`, {
    hint: 'Point TMPDIR at a folder with room for the result.',
    cause,
  });
}
