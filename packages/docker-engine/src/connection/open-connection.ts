import Docker from 'dockerode';
import type { EngineDetails } from '../engine.js';
import { dockerodeOptions } from './dockerode-options.js';
import type { EngineAddress } from './engine-address.js';
import { createSession, type Session } from './session.js';

/** The newest API this was written for. An older engine is spoken to in its own. */
const API_VERSION_MAX = '1.51';

/** One engine that answers. */
export interface Connection {
  /** Speaks the version of the API that both sides know. */
  readonly docker: Docker;
  /** What is alive at the engine through this connection. */
  readonly session: Session;
  readonly details: EngineDetails;
  /** A client of the same engine that speaks no version of Docker's API: for what an engine has besides. */
  unversioned(): Docker;
}

/** Which engine, and when to stop. */
export interface ConnectionOptions {
  readonly address: EngineAddress;
  /** Aborting it ends every request; containers are still removed by disposing of the engine. */
  readonly signal?: AbortSignal;
  /**
   * By what the caller knows later whether this session still goes on: of its containers, `PruneOptions.isGone` is told
   * this text. Default none.
   */
  readonly owner?: string;
  /** As in DOCKER_API_VERSION: speak this version instead of the engine's own. */
  readonly apiVersion?: string;
}

/**
 * Find out who answers at an address, and settle on a version of its API.
 *
 * @throws EngineError ENGINE_UNREACHABLE
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { address } = options;
  const unversioned = () => new Docker(dockerodeOptions(address));
  const docker = unversioned();
  const session = createSession(options.signal, options.owner);
  const version = await session.guard(`no engine at ${address.text}`, () => docker.version());
  const apiVersion = options.apiVersion ?? lowerVersion(version.ApiVersion, API_VERSION_MAX);
  // The types of dockerode leave the field out.
  (docker.modem as { version?: string }).version = `v${apiVersion}`;
  const details = {
    address: address.text,
    host: address.host ?? '127.0.0.1',
    version: version.Version,
    isDocker: (version.Components ?? []).some(({ Name }) => Name === 'Engine'),
    apiVersion,
    os: version.Os,
    architecture: version.Arch,
  };
  return { docker, session, details, unversioned };
}

function lowerVersion(one: string, other: string): string {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
  return number(one) < number(other) ? one : other;
}
