import type { Engine } from '@keepset/docker-engine';
import { type AskedRun, toAskedRun } from './api/to-run-options.js';
import { openSession, type SessionOptions } from './session/open-session.js';
import type { RecordedOutput } from './session/spool-output.js';
import { substitutionRules } from './session/substitution-rules.js';
import type { WatchedImage } from './session/watched-container.js';

/** Which engine, and what stands for which image. */
export interface RerunOptions extends SessionOptions {
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
  readonly execs: readonly RerunExec[];
}

/** What a program did that a client started in a container. */
export interface RerunExec {
  readonly command: readonly string[];
  /** Undefined: it still ran. */
  readonly exitStatus: number | undefined;
  /** As the client that started it was sent it: nothing of one that is detached. */
  readonly output: RecordedOutput;
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
  { substitutes = new Map(), ...options }: RerunOptions,
): Promise<Rerun> {
  const session = await openSession(engine, { ...options, volumes: [] }, (watch) =>
    substitutionRules({ engine, watch, substitutes }),
  );
  const { address, watch } = session;
  return {
    address,
    async finish() {
      await watch.settle();
      const containers: RerunContainer[] = [];
      for (const { number, name, image, asked, isRunning, exitStatus, output, execs } of watch.all()) {
        const ran: RerunExec[] = [];
        for (const exec of execs.values())
          ran.push({
            command: exec.asked.Cmd,
            exitStatus: exec.exitStatus,
            output: await exec.output.finish(),
          });
        containers.push({
          ...{ number, name, image },
          isSubstituted: asked.source !== undefined,
          run: toAskedRun(asked.body),
          exitStatus: isRunning ? undefined : exitStatus,
          output: await output.finish(),
          execs: ran,
        });
      }
      return containers;
    },

    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
