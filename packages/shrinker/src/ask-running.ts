import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import { askService, printStep, type Service, type ServiceStep } from '@keepset/tracer';
import type { OutputRecord } from './run/record-output.js';
import { recordSteps, requireAnswers } from './run/record-steps.js';

/** A container that somebody else created, and what is asked of it. */
export interface AskRunningOptions {
  /** It has not been started. */
  readonly containerId: string;
  /** Whether it has a terminal. */
  readonly tty: boolean;
  /** Starts it, and what it needs. */
  readonly start: () => Promise<void>;
  readonly service: Service;
  /** Whose ports count where a request names none. */
  readonly source: ImageDetails;
  /** Of probes. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** On this machine, for answers. */
  readonly folder: string;
  readonly toolbox?: ToolboxOptions;
}

/** How it answered. */
export interface RunningAnswers {
  readonly answers: readonly {
    readonly step: ServiceStep;
    /** For people. */
    readonly name: string;
    /** Undefined: there was no answer. */
    readonly status: number | undefined;
    readonly output: OutputRecord;
  }[];
  /** Why not all was asked. */
  readonly failure?: Error;
  /** Of process 1, once it was stopped. */
  readonly exitStatus: number;
}

/**
 * Ask everything of a service in a container that somebody else creates and starts, and stop it. Its HEALTHCHECK is the
 * engine's.
 *
 * @param engine  makes what is needed beside it
 * @param client  by which commands are run in it
 * @throws EngineError, ToolboxError; whatever `start` throws
 * @example
 * const command = ['cat', '/etc/debian_version'];
 * const service = { ready: [], steps: [{ kind: 'exec', command }] };
 * const source = await engine.inspectImage('debian:12');
 * await using container = await engine.createContainer({ Image: source.id, Cmd: ['sleep', 'infinity'] }, 'example');
 * const start = () => container.start();
 * const how = { containerId: container.id, tty: false, start, service, source, environment: {}, folder: '/tmp/scratch' };
 * (await askRunning(engine, engine, how)).answers[0]?.status // 0
 */
export async function askRunning(
  engine: Engine,
  client: Engine,
  { containerId, tty, start, service, source, environment, folder, toolbox }: AskRunningOptions,
): Promise<RunningAnswers> {
  await using recorded = recordSteps(folder, service, () => {});
  const container = client.othersContainer(containerId);
  const { exitStatus, steps, failure } = await askService(container, start, {
    tty,
    engine,
    environment,
    service: { ...service, healthCheck: false },
    image: source,
    toolbox: await provideToolbox(engine, source.id, engine.details.architecture, toolbox),
    onStepOutput: recorded.onStepOutput,
    async exec(command, onOutput) {
      const exec = await container.exec({ command });
      for await (const chunk of exec.output) await onOutput(chunk);
      return await exec.exitStatus();
    },
  });
  const outcomes = await recorded.finish(steps);
  return {
    exitStatus,
    ...(failure && { failure }),
    answers: steps.flatMap(({ step, status }, at) => {
      const output = outcomes[at];
      return output === undefined ? [] : [{ step, name: printStep(step), status, output }];
    }),
  };
}

/**
 * What was asked of a source must have been answered as it should.
 *
 * @throws ShrinkError STEP_FAILED; what kept it from being asked
 * @example await requireAnswered({ answers: [], exitStatus: 0 }) // undefined
 */
export async function requireAnswered({ answers, failure }: RunningAnswers): Promise<void> {
  if (failure !== undefined) throw failure;
  await requireAnswers(
    answers.map(({ step, status }) => ({ step, status })),
    answers.map(({ name, status, output }) => ({ name, exitStatus: status, ...output })),
  );
}
