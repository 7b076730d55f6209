import { randomUUID } from 'node:crypto';
import { type Container, type ContainerConfig, EngineError, toContainerConfig } from '@keepset/docker-engine';
import type { StepOutcome } from '@keepset/run-comparison';
import {
  killAfter,
  publishPorts,
  type RunStreams,
  runContainer,
  runService,
  type StepOutcome as Taken,
} from '@keepset/tracer';
import { type OutputRecord, recordOutput } from './record-output.js';
import { recordSteps, type StepRecorder } from './record-steps.js';
import type { RunScope } from './run-scope.js';
import { stdinOf } from './standard-input.js';
import type { ShrinkStreams } from './work.js';

/** A run that has ended. */
export interface EndedRun {
  /** 128 + N after signal N. Undefined: it could not be started, or not be asked everything; `failure` says why. */
  readonly exitStatus: number | undefined;
  readonly failure?: Error;
  readonly output: OutputRecord;
  /** What was asked of a service, in order. */
  readonly steps: readonly StepOutcome[];
  /** Wall clock of the run alone. */
  readonly seconds: number;
  /** It has ended as well; the files that the run left are there. */
  readonly container: Container;
}

export interface RunInOptions {
  /** Of the run: its container's role. */
  readonly name: string;
  /** Whether it is the first to read the standard input. Default false. */
  readonly first?: boolean;
  readonly onOutput?: ShrinkStreams['onOutput'];
  readonly onStarted?: () => void;
}

/**
 * Run the command as `docker run` would, with nothing beside it, in an image. An image in which it cannot be started is
 * an outcome like another, and so is a service that cannot be asked.
 *
 * @param id  of the image
 * @param own  takes the container, which is to be disposed of when nobody wants its files any more
 * @throws EngineError  when the engine cannot create a container, is interrupted, gone or full
 */
export async function runIn(
  scope: RunScope,
  id: string,
  { name, first = false, onOutput = () => {}, onStarted }: RunInOptions,
  own: (container: AsyncDisposable) => void = scope.work.keep,
): Promise<EndedRun & { readonly taken: readonly Taken[] }> {
  const { work } = scope;
  const { engine, folder, request } = work;
  await using recorder = await recordOutput(folder, `${name}-${randomUUID()}`);
  await using steps = recordSteps(folder, request.service, onOutput);
  const config = toRunConfig(scope, id);
  const container = await engine.createContainer(config, name);
  own(container);
  const start = performance.now();
  let ending: RunEnding;
  try {
    ending = await runToEnd(scope, container, config, {
      steps,
      streams: {
        ...stdinOf(work, first),
        async onOutput(chunk) {
          await recorder.write(chunk);
          await onOutput(chunk);
        },
        ...(onStarted !== undefined && { onStarted }),
      },
    });
  } catch (error) {
    if (!isOfImage(error)) throw error;
    ending = { exitStatus: undefined, failure: error, taken: [] };
  }
  const seconds = (performance.now() - start) / 1000;
  const output = await recorder.finish();
  return { ...ending, output, steps: await steps.finish(ending.taken), seconds, container };
}

/** The engine's own HEALTHCHECK is not for it: what it does, and when, is no part of the run. */
function toRunConfig(
  { work: { engine, request }, source: { image } }: RunScope,
  id: string,
): ContainerConfig {
  const config = {
    ...toContainerConfig(id, request.command, request.run),
    Healthcheck: { Test: ['NONE'] },
  };
  return request.service === undefined
    ? config
    : publishPorts(config, request.service, image.config, engine.details);
}

type RunEnding = Pick<EndedRun, 'exitStatus' | 'failure'> & { readonly taken: readonly Taken[] };

async function runToEnd(
  scope: RunScope,
  container: Container,
  config: ContainerConfig,
  { streams, steps }: { readonly streams: RunStreams; readonly steps: StepRecorder },
): Promise<RunEnding> {
  const { request, engine } = scope.work;
  const { service, secondsMax, environment = {} } = request;
  if (service === undefined) {
    const limit = (ended: Promise<number>) => killAfter(container, secondsMax ?? 0, ended);
    const beside = secondsMax === undefined ? undefined : limit;
    return { exitStatus: await runContainer(container, config, streams, beside), taken: [] };
  }
  const { toolbox, image } = scope.source;
  const outcome = await runService(container, config, streams, {
    service,
    engine,
    toolbox,
    image,
    environment,
    onStepOutput: steps.onStepOutput,
    async exec(command, onOutput) {
      const exec = await container.exec({ command });
      for await (const chunk of exec.output) await onOutput(chunk);
      return await exec.exitStatus();
    },
  });
  const { exitStatus, failure, steps: taken } = outcome;
  return failure === undefined ? { exitStatus, taken } : { exitStatus: undefined, failure, taken };
}

/** Errors that say nothing about the image. */
const NOT_THE_IMAGES: ReadonlySet<string> = new Set(['INTERRUPTED', 'ENGINE_UNREACHABLE', 'NO_SPACE']);

/** Whether the image is what hindered the engine. */
export function isOfImage(error: unknown): error is EngineError {
  return error instanceof EngineError && !NOT_THE_IMAGES.has(error.code);
}
