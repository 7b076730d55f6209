import type { Readable } from 'node:stream';
import type { Connection } from '../connection/open-connection.js';
import { EngineError, toEngineError } from '../engine-error.js';
import { type FindCredentials, registryOf } from '../registry/registry-credentials.js';
import { drainProgress } from './drain-progress.js';

/**
 * Have the engine send an image to the registry that its name says.
 *
 * @returns sha256:… of the manifest
 * @throws EngineError PUSH_FAILED, CREDENTIALS_UNREADABLE
 */
export async function pushImage(
  { docker, session }: Connection,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  findCredentials?: FindCredentials,
): Promise<string> {
  const context = `cannot push ${repository}:${tag}`;
  const registry = registryOf(repository);
  const authconfig = await findCredentials?.(registry);
  let digest: string | undefined;
  try {
    const stream = await session.guard(context, () =>
      docker.getImage(repository).push({ tag, ...(authconfig && { authconfig }) }),
    );
    session.untilAborted(stream as Readable);
    await drainProgress(stream, context, (record) => {
      digest ??= record.aux?.Digest;
    });
  } catch (error) {
    const known = toEngineError(error, context);
    if (known.code !== 'ENGINE_FAILED') throw known;
    throw new EngineError('PUSH_FAILED', known.message, {
      facts: { registry },
      hint: `Check that ${registry} can be reached and that you are logged in (docker login).`,
      cause: known,
    });
  }
  if (digest === undefined)
    throw new EngineError('PUSH_FAILED', `${context}: the engine did not say what it pushed`);
  return digest;
}
