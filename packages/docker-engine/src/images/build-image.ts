import { Readable } from 'node:stream';
import type { Connection } from '../connection/open-connection.js';
import { type ArchiveFile, streamArchive } from '../containers/archive-entries.js';
import { EngineError } from '../engine-error.js';
import { drainProgress } from './drain-progress.js';
import { removeImage } from './remove-image.js';

/** What is made of a context. */
export interface BuildOptions {
  /** NAME[:TAG] Default: the image has no name. */
  readonly tag?: string;
  /** Values of the Dockerfile's ARGs. */
  readonly buildArguments?: Readonly<Record<string, string>>;
  /** When it fails, remove what its finished steps left: for steps that no other build can have. Default false. */
  readonly discardSteps?: boolean;
}

/**
 * Build from a context with a Dockerfile.
 *
 * @returns the id
 * @see Docker Engine API, "Build an image"
 */
export async function buildImage(
  connection: Connection,
  context: Iterable<ArchiveFile>,
  { tag, buildArguments, discardSteps = false }: BuildOptions = {},
): Promise<string> {
  const { docker, session } = connection;
  const what = `cannot build ${tag ?? 'an image'}`;
  const stream = await session.guard(what, () =>
    docker.buildImage(Readable.from(streamArchive(context), { objectMode: false }), {
      ...(tag !== undefined && { t: tag }),
      rm: true,
      forcerm: true,
      ...(buildArguments && { buildargs: { ...buildArguments } }),
    }),
  );
  session.untilAborted(stream as Readable);
  let id: string | undefined;
  const steps: string[] = [];
  try {
    await drainProgress(stream, what, ({ aux, stream: text = '' }) => {
      // Not every engine says it in both ways.
      id = aux?.ID ?? /^Successfully built ([0-9a-f]{12,64})\s*$/.exec(text)?.[1] ?? id;
      const step = /^ ---> ([0-9a-f]{12,64})\s*$/.exec(text)?.[1];
      if (step !== undefined) steps.push(step);
    });
  } catch (error) {
    // The first is what the build is from. The last takes those below it along.
    const last = steps.slice(1).at(-1);
    if (discardSteps && last !== undefined) await removeImage(connection, last).catch(() => {});
    throw error;
  }
  const named = id;
  if (named === undefined)
    throw new EngineError('ENGINE_FAILED', `${what}: the engine did not say where it is`);
  return (await session.guard(what, () => docker.getImage(named).inspect())).Id;
}
