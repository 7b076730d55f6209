import { type Container, type Engine, type OutputChunk, toContainerConfig } from '@keepset/docker-engine';
import { runContainer } from '@keepset/tracer';
import { type Run, type ShrinkEvent, type ShrinkOptions, type ShrinkResult, shrink } from '../src/index.js';

export interface Shrunk {
  readonly result: ShrinkResult;
  readonly output: string;
  /** Standard output alone: the order of the two streams is not the engine's to keep. */
  readonly stdout: string;
  readonly events: readonly ShrinkEvent[];
}

/** What a test asks for: of runs, what it says beside them holds for each; without any, for the only one. */
export type HereOptions = Partial<ShrinkOptions> & Partial<Omit<Run, 'name'>>;

/** The runs that are meant. */
export function runsOf<T extends Partial<Omit<Run, 'name'>> & { readonly runs?: readonly Run[] }>({
  runs = [{ name: 'main', command: [] }],
  command,
  options,
  service,
  probeEnvironment,
  stdin,
  expectation,
  timeoutSeconds,
  allowFailure,
}: T): readonly Run[] {
  const shared = {
    ...(command && { command }),
    ...(service && { service }),
    ...(probeEnvironment && { probeEnvironment }),
    ...(stdin && { stdin }),
    ...(expectation && { expectation }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(allowFailure !== undefined && { allowFailure }),
  };
  return runs.map((run) => ({
    ...shared,
    ...run,
    ...(command && { command }),
    options: { ...options, ...run.options },
  }));
}

/** Shrink with a test's usual options: no name, so nobody else's can be moved. */
export async function shrinkHere(engine: Engine, request: HereOptions): Promise<Shrunk> {
  const pieces: OutputChunk[] = [];
  const events: ShrinkEvent[] = [];
  const result = await shrink(
    engine,
    { tags: [], version: 'test', ...request, runs: runsOf(request) },
    { onOutput: (chunk) => void pieces.push(chunk), onEvent: (event) => void events.push(event) },
  );
  const text = (chunks: readonly OutputChunk[]) => Buffer.concat(chunks.map(({ bytes }) => bytes)).toString();
  const stdout = text(pieces.filter(({ stream }) => stream === 'stdout'));
  return { result, output: text(pieces), stdout, events };
}

/** Run an image as `docker run` would. */
export async function runHere(
  engine: Engine,
  image: string,
  command: readonly string[] = [],
  user?: string,
): Promise<{ exitStatus: number; output: string }> {
  const config = toContainerConfig(image, command, user === undefined ? {} : { user });
  await using container = await engine.createContainer(config, 'test');
  const pieces: Uint8Array[] = [];
  const exitStatus = await runContainer(container, config, {
    onOutput: ({ bytes }) => void pieces.push(bytes),
  });
  return { exitStatus, output: Buffer.concat(pieces).toString() };
}

/** The engine, with every container that it makes and every image that it loads noted down. */
export function watched(engine: Engine): {
  readonly engine: Engine;
  readonly containers: Container[];
  readonly images: string[];
} {
  const containers: Container[] = [];
  const images: string[] = [];
  return {
    containers,
    images,
    engine: {
      ...engine,
      async createContainer(config, role) {
        const container = await engine.createContainer(config, role);
        containers.push(container);
        return container;
      },
      async loadImage(archive) {
        const id = await engine.loadImage(archive);
        images.push(id);
        return id;
      },
    },
  };
}
