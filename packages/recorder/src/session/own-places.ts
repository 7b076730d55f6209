import { randomBytes } from 'node:crypto';
import { AsyncDisposableStack, type Container, type Engine, type MountConfig } from '@keepset/docker-engine';
import { provideToolbox, type Toolbox, type ToolboxOptions } from '@keepset/toolbox';
import { TRACE_FOLDER } from '@keepset/tracer';

/** What a recording has at the engine while it goes on. Disposing of it removes the traces, unless a container has them. */
export interface OwnPlaces extends AsyncDisposable {
  /** For every container that is traced. */
  readonly mounts: readonly MountConfig[];
  readonly toolbox: Toolbox;
  /** The named volume of the traces. */
  readonly volume: string;
  /** A container, never started, that holds the traces. */
  readonly traces: Container;
}

/**
 * The toolbox, and a volume for traces: a named one, since the engine removes others together with their container.
 *
 * @throws ToolboxError, EngineError
 */
export async function provideOwnPlaces(engine: Engine, toolboxOptions: ToolboxOptions): Promise<OwnPlaces> {
  const toolbox = await withOwnImage(engine, (image) =>
    provideToolbox(engine, image, engine.details.architecture, toolboxOptions),
  );
  const volume = `keepset-recording-${randomBytes(6).toString('hex')}`;
  const traces: MountConfig = {
    Type: 'volume',
    Source: volume,
    Target: TRACE_FOLDER,
    VolumeOptions: { NoCopy: true },
  };
  await using opened = new AsyncDisposableStack();
  await engine.ensureVolume(volume, 'recording');
  // A container that runs on has it still: `keepset prune` removes it later.
  opened.defer(() => engine.removeVolume(volume).catch(() => {}));
  const image = await importOwnImage(engine);
  opened.defer(() => engine.removeImage(image));
  const holder = await engine.createContainer(
    { Image: image, Entrypoint: ['none'], HostConfig: { Mounts: [traces], NetworkMode: 'none' } },
    'recording',
  );
  const closing = opened.move();
  closing.use(holder);
  return {
    toolbox,
    volume,
    mounts: [toolbox.mount, traces],
    traces: holder,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** An image with nothing in it: none of the user's is held by what is ours. */
async function withOwnImage<T>(engine: Engine, use: (image: string) => Promise<T>): Promise<T> {
  const image = await importOwnImage(engine);
  try {
    return await use(image);
  } finally {
    await engine.removeImage(image);
  }
}

async function importOwnImage(engine: Engine): Promise<string> {
  return await engine.importLayer(emptyTar());
}

/** Two blocks of zeros end a tar; another name of nothing makes each image its own. */
async function* emptyTar(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1024);
}
