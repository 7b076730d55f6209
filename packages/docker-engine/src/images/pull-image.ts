import type { Readable } from 'node:stream';
import type { Connection } from '../connection/open-connection.js';
import { EngineError, toEngineError } from '../engine-error.js';
import { type FindCredentials, registryOf } from '../registry/registry-credentials.js';
import { drainProgress } from './drain-progress.js';
import { parseImageReference } from './image-reference.js';
import type { ProgressRecord } from './progress-records.js';

/** Which image of several, and who asks for it. */
export interface PullOptions {
  /** OS/ARCHITECTURE[/VARIANT] Default: the engine's. */
  readonly platform?: string;
  readonly onProgress?: (record: ProgressRecord) => void;
  /** What the registry is shown. Default: nothing. */
  readonly findCredentials?: FindCredentials;
}

/**
 * Have the engine fetch an image from its registry.
 *
 * @throws EngineError IMAGE_NOT_FOUND, CREDENTIALS_UNREADABLE
 */
export async function pullImage(
  { docker, session }: Connection,
  reference: string,
  { platform, onProgress, findCredentials }: PullOptions,
): Promise<void> {
  const context = `cannot pull ${reference}`;
  const { repository, tag, digest } = parseImageReference(reference);
  // Without a tag the API would pull every one.
  const whole = tag === undefined && digest === undefined ? `${reference}:latest` : reference;
  try {
    const authconfig = await findCredentials?.(registryOf(repository));
    const stream = await session.guard(context, () =>
      docker.pull(whole, {
        ...(platform !== undefined && { platform }),
        ...(authconfig && { authconfig }),
      }),
    );
    session.untilAborted(stream as Readable);
    await drainProgress(stream, context, onProgress);
  } catch (error) {
    const known = toEngineError(error, context);
    if (known.code !== 'ENGINE_FAILED') throw known;
    throw new EngineError('IMAGE_NOT_FOUND', `the engine has no image '${reference}', and ${known.message}`, {
      hint: "Check the name ('docker images' lists what is there), or that the registry can be reached and you are logged in.",
      cause: known,
    });
  }
}
