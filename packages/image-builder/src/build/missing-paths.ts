import { EngineError } from '@keepset/docker-engine';
import { type ImageReader, ToolboxError } from '@keepset/toolbox';
import { BuildError } from '../build-error.js';

/** Of the names in a message together. */
const NAMES_LENGTH_MAX = 400;

/**
 * Why the files of a list could not be read: when the source lacks paths of it, an error that names them all.
 *
 * @param cause  what reading them ended with
 * @returns BuildError BUILD_PATHS_MISSING, or `cause`
 */
export async function explainReadFailure(
  cause: unknown,
  reader: Pick<ImageReader, 'readLinks'>,
  paths: readonly string[],
): Promise<unknown> {
  if (!isReadFailure(cause)) return cause;
  // A reader that answers no more is no better reason than the one at hand.
  return (await findMissing(reader, paths, cause).catch(() => undefined)) ?? cause;
}

/** Whether a path that is not there may be the cause. */
function isReadFailure(error: unknown): boolean {
  if (error instanceof ToolboxError) return error.code === 'TOOLBOX_PATH_MISSING';
  return error instanceof EngineError && error.code === 'EXEC_FAILED';
}

/** @returns BuildError BUILD_PATHS_MISSING, unless the source has them all */
export async function findMissing(
  reader: Pick<ImageReader, 'readLinks'>,
  paths: readonly string[],
  cause?: unknown,
): Promise<BuildError | undefined> {
  const answers = await reader.readLinks(paths);
  const missing = paths.filter((_, index) => answers[index]?.kind === 'missing');
  if (missing.length === 0) return undefined;
  return new BuildError(
    'BUILD_PATHS_MISSING',
    `the source lacks ${missing.length} of the ${paths.length} paths to keep: ${listNames(missing)}`,
    { hint: 'Take them off the list, or use the image that it was made of.', paths: missing, cause },
  );
}

/** As many as have room, and the number of the others. */
function listNames(paths: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const path of paths) {
    const name = JSON.stringify(Buffer.from(path, 'latin1').toString('utf8')).slice(1, -1);
    length += name.length;
    if (shown.length > 0 && length > NAMES_LENGTH_MAX) break;
    shown.push(name.slice(0, NAMES_LENGTH_MAX));
  }
  const others = paths.length - shown.length;
  return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}
