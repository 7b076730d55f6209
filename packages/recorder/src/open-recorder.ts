import { AsyncDisposableStack, type Engine, toSocketOptions } from '@keepset/docker-engine';
import type { ToolboxOptions } from '@keepset/toolbox';
import type { Identity } from '@keepset/tracer';
import { hasEngineSocket } from './api/mounted-socket.js';
import { type AskedRun, toAskedRun } from './api/to-run-options.js';
import { createUpstream } from './proxy/upstream.js';
import { openSession, type SessionOptions } from './session/open-session.js';
import { provideOwnPlaces } from './session/own-places.js';
import { type SavedLaunch, saveTrace } from './session/save-trace.js';
import type { RecordedOutput } from './session/spool-output.js';
import { type GrowingTrace, measureTraces } from './session/trace-sizes.js';
import { type Traced, tracingRules, type Untraced } from './session/tracing-rules.js';
import type { WatchedContainer, WatchedImage } from './session/watched-container.js';

/** Which engine, how it is traced, and where what is recorded lies until the caller has it: outputs and traces. */
export interface RecordOptions extends SessionOptions {
  readonly toolbox?: ToolboxOptions;
  /** See `traceCommand`. Default true. */
  readonly seccompFilter?: boolean;
  /**
   * How much traces may take at the engine. What is started after that runs untraced; what runs then is traced on.
   * Default: as much as there is.
   */
  readonly tracesBytesMax?: number;
  /** By the id of a source: the image that takes its place, and is traced. Default none. */
  readonly substitutes?: ReadonlyMap<string, string>;
}

/** What a client's containers did. */
export interface Recorded {
  readonly containers: readonly RecordedContainer[];
  readonly untraced: readonly Untraced[];
}

/** What one container did. */
export interface RecordedContainer {
  /** In the order of their creation, from 1. */
  readonly number: number;
  readonly id: string;
  /** As the client named it; empty: it did not. */
  readonly name: string;
  /** That the client asked for. */
  readonly image: WatchedImage;
  /** Whether another image took its place. */
  readonly isSubstituted: boolean;
  readonly client: string;
  /** That the client gave it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly run: AskedRun;
  /** What it starts by the engine's socket is not recorded. */
  readonly hasEngineSocket: boolean;
  readonly identity: Identity;
  readonly seccompFilter: boolean;
  readonly starts: number;
  /** Undefined: it still ran, or had not been started. */
  readonly exitStatus: number | undefined;
  readonly isRunning: boolean;
  readonly seconds: number;
  readonly output: RecordedOutput;
  /** Of process 1: each start. */
  readonly launches: readonly SavedLaunch[];
  /** Of programs beside it. */
  readonly execs: readonly RecordedExec[];
}

/** A program that a client started in a container, or that is its HEALTHCHECK. */
export interface RecordedExec extends SavedLaunch {
  readonly command: readonly string[];
  /** The engine started it, not a client. */
  readonly isHealthcheck?: true;
  /** As the client that started it was sent it: nothing of one that is detached. Absent: the engine started it. */
  readonly output?: RecordedOutput;
  /** Where it was started, if not where process 1 was. */
  readonly workingDirectory?: string;
}

/** A recording that goes on. Disposing of it removes what is keepset's at the engine. */
export interface Recorder extends AsyncDisposable {
  /** For the clients' DOCKER_HOST. */
  readonly address: string;
  /** Take what has been recorded. To be called once, when the clients have ended. */
  finish(): Promise<Recorded>;
}

/**
 * Trace every container that clients start through a proxy of the engine's API. They see the containers that they asked
 * for.
 *
 * @throws EngineError ENGINE_ADDRESS_INVALID, …; ToolboxError
 * @example
 * await using recorder = await openRecorder(engine, { address, folder, owner: '' });
 * recorder.address.startsWith('unix://') // true
 * (await recorder.finish()).containers // []
 */
export async function openRecorder(
  engine: Engine,
  {
    toolbox = {},
    seccompFilter = true,
    tracesBytesMax = Number.POSITIVE_INFINITY,
    substitutes = new Map(),
    ...options
  }: RecordOptions,
): Promise<Recorder> {
  await using opened = new AsyncDisposableStack();
  const [places, { securityOptions }] = await Promise.all([
    provideOwnPlaces(engine, toolbox),
    engine.information(),
  ]);
  opened.use(places);
  const tracing = { architecture: engine.details.architecture, securityOptions };
  const volumes = [places.volume, places.toolbox.volume];
  const hasRoom = (): boolean => sizes.totalBytes() < tracesBytesMax;
  const session = opened.use(
    await openSession(engine, { ...options, volumes }, (watch) =>
      tracingRules({ engine, tracing, places, watch, seccompFilter, substitutes, hasRoom }),
    ),
  );
  const { address, watch, rules } = session;
  const upstream = createUpstream(toSocketOptions(options.address));
  const sizes = opened.use(
    measureTraces(upstream, places.traces.id, () => toGrowingTraces(watch.all(), rules.traced)),
  );
  const closing = opened.move();
  const { folder } = options;
  return {
    address,
    async finish() {
      await watch.settle();
      const containers: RecordedContainer[] = [];
      const unwritten: Untraced[] = [];
      for (const watched of watch.all()) {
        const traced = rules.traced.get(watched.id);
        if (traced === undefined) continue;
        const save = (name: string) => saveTrace(places.traces, name, folder);
        const recorded: RecordedContainer = {
          ...(await toRecorded(watched, traced, save)),
          output: await watched.output.finish(),
          hasEngineSocket: hasEngineSocket(watched.asked.body, options.address.socketPath),
          seccompFilter,
        };
        const lost = toUnwritten(recorded);
        if (lost === undefined) containers.push(recorded);
        else unwritten.push(lost);
      }
      return { containers, untraced: [...rules.untraced, ...unwritten] };
    },

    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function* toGrowingTraces(
  containers: readonly WatchedContainer[],
  traced: ReadonlyMap<string, Traced>,
): Generator<GrowingTrace> {
  for (const { id, isRunning: isGrowing, starts, asked } of containers) {
    const { traceName, execTraces } = traced.get(id) ?? {};
    if (traceName === undefined || execTraces === undefined || starts === 0) continue;
    yield { name: traceName, isGrowing };
    for (const name of execTraces.values()) yield { name, isGrowing };
    if (asked.merged.Healthcheck) yield { name: `${traceName}-health`, isGrowing };
  }
}

async function toRecorded(
  { number, id, name, image, client, asked, starts, isRunning, seconds, exitStatus, execs }: WatchedContainer,
  { identity, traceName, execTraces }: Traced,
  save: (name: string) => Promise<readonly SavedLaunch[]>,
): Promise<Omit<RecordedContainer, 'output' | 'seccompFilter' | 'hasEngineSocket'>> {
  const launches = withLast(await save(traceName), exitStatus);
  const beside: RecordedExec[] = [];
  if (asked.merged.Healthcheck !== undefined && asked.merged.Healthcheck !== null)
    for (const launch of await save(`${traceName}-health`))
      beside.push({
        ...launch,
        command: (asked.merged.Healthcheck.Test ?? []).slice(1),
        isHealthcheck: true,
      });
  for (const [execId, exec] of execs) {
    const execTrace = execTraces.get(execId);
    const workingDirectory = exec.asked.WorkingDir;
    const output = await exec.output.finish();
    const traces = execTrace === undefined ? [] : await save(execTrace);
    for (const launch of withLast(traces, exec.exitStatus))
      beside.push({
        ...launch,
        command: exec.asked.Cmd,
        ...(workingDirectory && { workingDirectory }),
        output,
      });
  }
  return {
    ...{ number, id, name, image, client, identity, starts, isRunning, seconds, exitStatus },
    isSubstituted: asked.source !== undefined,
    labels: asked.body.Labels ?? {},
    run: toAskedRun(asked.body),
    launches,
    execs: beside,
  };
}

/** A trace with a hole says less than was used: that is none. Undefined: all of it was written. */
function toUnwritten({ name, image, run, output, execs }: RecordedContainer): Untraced | undefined {
  const outputs = [output, ...execs.map((exec) => exec.output)];
  const why = outputs.find((each) => each?.traceError !== undefined)?.traceError;
  if (why === undefined) return undefined;
  const { command } = run;
  return {
    ...{ name, image: image.reference, imageId: image.id, command },
    reason: `strace could not write its trace: ${why}`,
  };
}

/** What the engine says of the last start counts. */
function withLast(launches: readonly SavedLaunch[], exitStatus: number | undefined): readonly SavedLaunch[] {
  const last = launches.length - 1;
  return launches.map((launch, at) =>
    at === last && exitStatus !== undefined ? { ...launch, exitStatus } : launch,
  );
}
