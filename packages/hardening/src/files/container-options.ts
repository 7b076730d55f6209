import type { Rights, WritablePlace } from '../rights.js';

/** The rights of a container but for its system calls, in words that Docker, Podman and Compose share. */
export interface ContainerOptions {
  readonly readOnly: boolean;
  /** Without CAP_; all others are dropped. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
  /** PATH:OPTIONS */
  readonly tmpfs: readonly string[];
  /** Of anonymous volumes. */
  readonly volumes: readonly string[];
  /** Default: as the engine has it. */
  readonly network?: 'none';
}

/**
 * The rights of a container, as its options.
 *
 * @example containerOptions(rights).tmpfs // ['/tmp:mode=1777']
 */
export function containerOptions({
  capabilities,
  gaining,
  writable,
  rootWrites,
  network,
}: Pick<Rights, 'capabilities' | 'gaining' | 'writable' | 'rootWrites' | 'network'>): ContainerOptions {
  return {
    readOnly: rootWrites.length === 0,
    capabilities: capabilities.map(({ name }) => name),
    noNewPrivileges: gaining.length === 0,
    tmpfs: placesOf(writable, 'tmpfs').map(printTmpfs),
    volumes: placesOf(writable, 'volume').map(({ path }) => path),
    ...(network.kind === 'none' && { network: 'none' }),
  };
}

export function placesOf(
  writable: readonly WritablePlace[],
  kind: WritablePlace['kind'],
): readonly WritablePlace[] {
  return writable.filter((place) => place.kind === kind);
}

const MODE_DEFAULT = 0o1777;

function printTmpfs({ path, mode = MODE_DEFAULT, executable }: WritablePlace): string {
  return `${path}:mode=${mode.toString(8)}${executable ? ',exec' : ''}`;
}
