import { randomUUID } from 'node:crypto';
import {
  type Container,
  type ContainerConfig,
  type Engine,
  EngineError,
  type EngineErrorCode,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { killAfter, publishPorts, type RunStreams, runContainer, runService } from '@keepset/tracer';
import type { Source } from '../source/open-source.js';
import { type EndedRun, filesInContainer } from './ended-run.js';
import { mountedPaths } from './mounted-paths.js';
import { recordOutput } from './record-output.js';
import { recordSteps, type StepRecorder } from './record-steps.js';
import type { Run } from './run.js';
import type { OnOutput, RunPlace } from './runner.js';
import { writtenByContainer } from './written-paths.js';

export interface RunInImageOptions {
  /** Of the container: `source`, `verify`, … */
  readonly role: string;
  /**
   * Of the container, where they are others than the run's own: rights that are taken from it, mounts in place of its root.
   * What of it is compared follows from the run's own.
   */
  readonly options?: RunOptions;
  readonly onOutput?: OnOutput;
  readonly onStarted?: () => void;
}

/**
 * Run a command as `docker run` would, with nothing beside it, in an image. An image in which it cannot be started is
 * an outcome like another, and so is a service that cannot be asked.
 *
 * @param id  of the image
 * @throws EngineError  when the engine cannot create a container, is interrupted, gone or full
 */
export async function runInImage(
  { engine, source, input, folder, onLeftFiles }: RunPlace,
  run: Run,
  id: string,
  { role, options = run.options ?? {}, onOutput = () => {}, onStarted }: RunInImageOptions,
): Promise<EndedRun> {
  await using recorder = await recordOutput(folder, `${role}-${randomUUID()}`);
  await using steps = recordSteps(folder, run.service, onOutput);
  const config = toRunConfig({ ...run, options }, id, source, engine);
  const container = await engine.createContainer(config, role);
  try {
    const start = performance.now();
    const stdin = input.of(run);
    const ending = await runToEnd(engine, source, run, {
      container,
      config,
      steps,
      streams: {
        ...(stdin !== undefined && { stdin }),
        async onOutput(chunk) {
          await recorder.write(chunk);
          await onOutput(chunk);
        },
        ...(onStarted !== undefined && { onStarted }),
      },
    });
    const seconds = (performance.now() - start) / 1000;
    const mounted = mountedPaths(run.options ?? {}, source.image.config, source.coveredPaths);
    const written = async () => await writtenByContainer(container, await source.tree(), mounted);
    return {
      ...ending,
      output: await recorder.finish(),
      steps: await steps.finish(ending.answers),
      seconds,
      left: filesInContainer(container, written, async () => ({
        tree: await source.tree(),
        folder,
        tellsOwners: engine.details.isDocker,
        ...(onLeftFiles && { onFile: onLeftFiles }),
      })),
      [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

/** The engine's own HEALTHCHECK is not for it: what it does, and when, is no part of the run. */
function toRunConfig(
  { command, options = {}, service }: Run,
  id: string,
  { image }: Pick<Source, 'image'>,
  engine: Engine,
): ContainerConfig {
  const config = { ...toContainerConfig(id, command, options), Healthcheck: { Test: ['NONE'] } };
  return service === undefined ? config : publishPorts(config, service, image.config, engine.details);
}

type Ending = Pick<EndedRun, 'exitStatus' | 'failure' | 'answers'>;

interface StartedRun {
  readonly container: Container;
  readonly config: ContainerConfig;
  readonly streams: RunStreams;
  readonly steps: StepRecorder;
}

async function runToEnd(
  engine: Engine,
  source: Pick<Source, 'toolbox' | 'image'>,
  { service, timeoutSeconds, probeEnvironment = {} }: Run,
  { container, config, streams, steps }: StartedRun,
): Promise<Ending> {
  try {
    if (service === undefined) {
      const limit = (ended: Promise<number>) => killAfter(container, timeoutSeconds ?? 0, ended);
      const beside = timeoutSeconds === undefined ? undefined : limit;
      return { exitStatus: await runContainer(container, config, streams, beside), answers: [] };
    }
    const outcome = await runService(container, config, streams, {
      service,
      engine,
      toolbox: source.toolbox,
      image: source.image,
      environment: probeEnvironment,
      onStepOutput: steps.onStepOutput,
      async exec(command, onOutput) {
        const exec = await container.exec({ command });
        for await (const chunk of exec.output) await onOutput(chunk);
        return await exec.exitStatus();
      },
    });
    const { exitStatus, failure, steps: answers } = outcome;
    return failure === undefined ? { exitStatus, answers } : { exitStatus: undefined, failure, answers };
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return { exitStatus: undefined, failure: error, answers: [] };
  }
}

/** Errors that say nothing about the image. */
const NOT_THE_IMAGES: ReadonlySet<EngineErrorCode> = new Set([
  'INTERRUPTED',
  'ENGINE_UNREACHABLE',
  'NO_SPACE',
]);

/** Whether the image is what hindered the engine. */
export function isOfImage(error: unknown): error is EngineError {
  return error instanceof EngineError && !NOT_THE_IMAGES.has(error.code);
}
