import {
  AsyncDisposableStack,
  type Engine,
  type EngineAddress,
  toSocketOptions,
} from '@keepset/docker-engine';
import { type AskedRun, toAskedRun } from './api/to-run-options.js';
import { openProxy } from './proxy/open-proxy.js';
import { createUpstream } from './proxy/upstream.js';
import { handleRequests } from './session/handle-requests.js';
import type { RecordedOutput } from './session/spool-output.js';
import { substitutionRules } from './session/substitution-rules.js';
import { watchContainers } from './session/watch-containers.js';
import type { WatchedImage } from './session/watched-container.js';

/** Which engine, and what stands for which image. */
export interface RerunOptions {
  readonly address: EngineAddress;
  /** On this machine: takes outputs until the caller has them. */
  readonly folder: string;
  /** By which the engine was connected: no client sees its containers. */
  readonly owner: string;
  /** By the id of a source: the image that takes its place. Default none. */
  readonly substitutes?: ReadonlyMap<string, string>;
}

/** What one container did, untraced. */
export interface RerunContainer {
  /** In the order of their creation, from 1. */
  readonly number: number;
  /** As the client named it; empty: it did not. */
  readonly name: string;
  /** That the client asked for. */
  readonly image: WatchedImage;
  /** Whether another image took its place. */
  readonly isSubstituted: boolean;
  readonly run: AskedRun;
  /** Undefined: it still ran, or had not been started. */
  readonly exitStatus: number | undefined;
  readonly output: RecordedOutput;
  /** Programs that a client started in it. */
  readonly execs: readonly { readonly command: readonly string[]; readonly exitStatus: number | undefined }[];
}

/** Clients that go on. Disposing of it ends their connections. */
export interface Rerun extends AsyncDisposable {
  /** For the clients' DOCKER_HOST. */
  readonly address: string;
  /** Take what they did. To be called once, when the clients have ended. */
  finish(): Promise<readonly RerunContainer[]>;
}

/**
 * Watch every container that clients start through a proxy of the engine's API, with other images in the place of those
 * that they ask for. Clients see the containers that they asked for; nothing is traced.
 *
 * @throws EngineError ENGINE_ADDRESS_INVALID, …
 * @example
 * await using rerun = await openRerun(engine, { address, folder, owner: '' });
 * rerun.address.startsWith('unix://') // true
 * await rerun.finish() // []
 */
export async function openRerun(
  engine: Engine,
  { address, folder, owner, substitutes = new Map() }: RerunOptions,
): Promise<Rerun> {
  const socket = toSocketOptions(address);
  await using opened = new AsyncDisposableStack();
  const watch = opened.use(await watchContainers(engine, createUpstream(socket), folder));
  const rules = substitutionRules({ engine, watch, substitutes });
  const proxy = opened.use(await openProxy(socket, handleRequests({ watch, rules, owner, volumes: [] })));
  const closing = opened.move();
  return {
    address: proxy.address,

    async finish() {
      await watch.settle();
      const containers: RerunContainer[] = [];
      for (const { number, name, image, asked, isRunning, exitStatus, output, execs } of watch.all())
        containers.push({
          ...{ number, name, image },
          isSubstituted: asked.source !== undefined,
          run: toAskedRun(asked.body),
          exitStatus: isRunning ? undefined : exitStatus,
          output: await output.finish(),
          execs: [...execs.values()].map((exec) => ({
            command: exec.asked.Cmd,
            exitStatus: exec.exitStatus,
          })),
        });
      return containers;
    },

    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
