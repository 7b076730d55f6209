import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { ShrinkError } from '../shrink-error.js';

/**
 * Find the source; fetch it when the engine has not got it, as docker run does.
 *
 * @param onPull  called before fetching
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE
 */
export async function findSource(
  engine: Engine,
  reference: string,
  platform: string | undefined,
  onPull: () => void,
): Promise<ImageDetails> {
  let image = await engine.inspectImage(reference);
  if (image === undefined) {
    onPull();
    await engine.pullImage(reference, platform === undefined ? {} : { platform });
    image = await engine.inspectImage(reference);
  }
  if (image === undefined)
    throw new ShrinkError('WRONG_ARCHITECTURE', `the engine fetched no image '${reference}' that it can use`);
  const { architecture } = engine.details;
  if (image.os !== 'linux' || !runsOn(architecture, image.architecture)) {
    throw new ShrinkError(
      'WRONG_ARCHITECTURE',
      `'${reference}' is an image for ${image.os}/${image.architecture}, and the engine runs on linux/${architecture}`,
      {
        hint: `Use an image for linux/${architecture}, or an engine on a ${image.architecture} machine: programs cannot be traced under emulation.`,
      },
    );
  }
  return image;
}

/** Architectures of which the kernel runs programs beside its own. */
const ALSO_RUNS: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };

function runsOn(engine: string, image: string): boolean {
  return engine === image || (ALSO_RUNS[engine] ?? []).includes(image);
}
