import type { Duplex } from 'node:stream';
import {
  AsyncDisposableStack,
  type Container,
  type Engine,
  type ImageDetails,
  runProgram,
} from '@keepset/docker-engine';
import { ownEnvironment, type Toolbox, toolCommand } from '@keepset/toolbox';
import { connectInside } from './connect-inside.js';
import { listeningPorts } from './listening-ports.js';

/** A container beside another, in its network: nothing of keepset's is in that container itself. */
export interface Beside extends AsyncDisposable {
  /** TCP ports on which something in the container listens. */
  listening(): Promise<ReadonlySet<number>>;
  /** To a port of its loopback address, for one request without a body. */
  connect(port: number): Duplex;
}

/**
 * @param image  any: the toolbox brings all that it runs
 * @param watched  running
 */
export async function openBeside(
  engine: Engine,
  toolbox: Toolbox,
  image: ImageDetails,
  watched: Container,
): Promise<Beside> {
  const waiting = {
    Image: image.id,
    Env: ownEnvironment(image.config.Env),
    Entrypoint: toolCommand('sleep'),
    Cmd: ['infinity'],
    User: '0:0',
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: [toolbox.mount],
      NetworkMode: `container:${watched.id}`,
      LogConfig: { Type: 'none' },
    },
  };
  await using opened = new AsyncDisposableStack();
  const container = opened.use(await engine.createContainer(waiting, 'beside'));
  await container.start();
  // From here on the container is whose it is returned to.
  opened.move();
  return {
    listening: () => readListening(container),
    connect: (port) => connectInside(container, port),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

/** cat ends with 1 where the kernel has no IPv6. */
const CAT_STATUSES = [0, 1];

/** @param container  running, with the toolbox in it */
export async function readListening(container: Container): Promise<ReadonlySet<number>> {
  const command = toolCommand('cat', ['/proc/net/tcp', '/proc/net/tcp6']);
  const text = await runProgram(container, { command, user: '0:0' }, CAT_STATUSES);
  return listeningPorts(text.toString('latin1'));
}
