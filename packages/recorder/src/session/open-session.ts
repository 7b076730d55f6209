import {
  AsyncDisposableStack,
  type Engine,
  type EngineAddress,
  toSocketOptions,
} from '@keepset/docker-engine';
import { openProxy } from '../proxy/open-proxy.js';
import { createUpstream } from '../proxy/upstream.js';
import { type CreationRules, handleRequests } from './handle-requests.js';
import { type ContainerWatch, watchContainers } from './watch-containers.js';

/** Which engine, and where what containers print lies until the caller has it. */
export interface SessionOptions {
  readonly address: EngineAddress;
  /** On this machine, empty. */
  readonly folder: string;
  /** By which the engine was connected: no client sees its containers. */
  readonly owner: string;
  /** Whether a container is one that it is about, by its labels; others are as they are, and nobody's. Default: all are. */
  readonly concerns?: (labels: Readonly<Record<string, string>>) => boolean;
}

/** Clients that go on. Disposing of it ends their connections. */
export interface Session<Rules> extends AsyncDisposable {
  /** For the clients' DOCKER_HOST. */
  readonly address: string;
  readonly watch: ContainerWatch;
  readonly rules: Rules;
}

/**
 * Watch every container that clients start through a proxy of the engine's API.
 *
 * @param volumes  of keepset's own: no client hears of them
 * @param toRules  what is done with containers that clients ask for
 * @throws EngineError ENGINE_ADDRESS_INVALID, …
 */
export async function openSession<Rules extends CreationRules>(
  engine: Engine,
  {
    address,
    folder,
    owner,
    volumes,
    concerns = () => true,
  }: SessionOptions & { readonly volumes: readonly string[] },
  toRules: (watch: ContainerWatch) => Rules,
): Promise<Session<Rules>> {
  const socket = toSocketOptions(address);
  await using opened = new AsyncDisposableStack();
  const watch = opened.use(await watchContainers(engine, createUpstream(socket), folder));
  const rules = toRules(watch);
  const engineSocket = 'path' in socket ? socket.path : undefined;
  const handler = handleRequests({ watch, rules, concerns, owner, volumes, engineSocket });
  const proxy = opened.use(await openProxy(socket, handler));
  const closing = opened.move();
  return { address: proxy.address, watch, rules, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
