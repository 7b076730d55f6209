import type { Container, ContainerConfig, ImageConfig } from '@keepset/docker-engine';
import { killAfter, type RunStreams, runContainer } from './run-container.js';
import { watchUnasked } from './watch-unasked.js';

/** What is known of a command, and how long it may take. */
export interface CommandLimits {
  /** Of the image whose ports count. */
  readonly imageConfig: ImageConfig;
  /** After which it is killed. Default: it may take as long as it likes. */
  readonly secondsMax?: number | undefined;
  /** Called once when it seems to wait for something. */
  readonly onWaiting?: ((idleSeconds: number) => void) | undefined;
}

/**
 * Run a command of which nothing is asked, to its end.
 *
 * @param container  with the toolbox in it
 * @returns the exit status of process 1 (128 + N after signal N)
 * @throws TracerError SERVICE_UNASKED  it is a server, and nobody said how long it may take
 */
export async function runCommand(
  { container, config }: { readonly container: Container; readonly config: ContainerConfig },
  streams: RunStreams,
  { imageConfig, secondsMax, onWaiting }: CommandLimits,
): Promise<number> {
  return await runContainer(container, config, streams, async (ended) => {
    if (secondsMax !== undefined) await killAfter(container, secondsMax, ended);
    // One that has a standard input may wait for it.
    else if (config.OpenStdin !== true) await watchUnasked(container, imageConfig, ended, onWaiting);
  });
}
