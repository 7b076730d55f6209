import type { RunOptions } from '@keepset/docker-engine';
import { type AskedContainer, type AskedMount, nameOf } from './asked-container.js';

/** A run as it is written down: how to run it alone. */
export interface AskedRun {
  /** What followed IMAGE. */
  readonly command: readonly string[];
  readonly options: RunOptions;
  /** Names of the variables that the client set: their values may be secrets. */
  readonly variables: readonly string[];
}

/**
 * A container as docker run would be asked for it. What only holds beside other containers (a network of the client's,
 * links, another container's volumes) is not in it.
 */
export function toAskedRun(asked: AskedContainer): AskedRun {
  const { Cmd, Entrypoint, Env, User, WorkingDir, Tty, OpenStdin, Volumes, HostConfig } = asked;
  const [entrypoint, ...arguments_] = Entrypoint ?? [];
  const { Binds, Mounts, Tmpfs, CapAdd, CapDrop, SecurityOpt, GroupAdd, ReadonlyRootfs, Init, NetworkMode } =
    HostConfig ?? {};
  const options: RunOptions = {
    ...some('volume', [...(Binds ?? []), ...Object.keys(Volumes ?? {})].filter(isVolume)),
    ...some('mount', (Mounts ?? []).filter(isPlainMount).map(printMount)),
    ...some(
      'tmpfs',
      Object.entries(Tmpfs ?? {}).map(([path, flags]) => (flags === '' ? path : `${path}:${flags}`)),
    ),
    ...(WorkingDir && { workdir: WorkingDir }),
    ...(User && { user: User }),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(NetworkMode === 'none' && { network: NetworkMode }),
    ...some('capAdd', CapAdd),
    ...some('capDrop', CapDrop),
    ...some('securityOpt', SecurityOpt),
    ...some('groupAdd', GroupAdd),
    ...(ReadonlyRootfs === true && { readOnly: true }),
    ...(Init === true && { init: true }),
    ...(OpenStdin === true && { interactive: true }),
    ...(Tty === true && { tty: true }),
  };
  return {
    command: [...arguments_, ...(Cmd ?? [])],
    options,
    variables: [...new Set((Env ?? []).map(nameOf))].sort(),
  };
}

function some<Key extends keyof RunOptions>(
  key: Key,
  values: readonly string[] | null | undefined,
): { readonly [Each in Key]?: readonly string[] } {
  return (values ?? []).length > 0 ? ({ [key]: values } as { [Each in Key]: readonly string[] }) : {};
}

function printMount({ Type = 'volume', Source, Target = '/', ReadOnly }: AskedMount): string {
  const source = Source === undefined || Source === '' ? '' : `,source=${Source}`;
  return `type=${Type}${source},target=${Target}${ReadOnly ? ',readonly' : ''}`;
}

/** As docker run writes it: `[SOURCE:]TARGET[:OPTIONS]`. */
function isVolume(text: string): boolean {
  return (text.includes(':') ? text.split(':')[1] : text)?.startsWith('/') === true;
}

/** One that can be written in a line. */
function isPlainMount({ Type = 'volume', Source = '', Target = '' }: AskedMount): boolean {
  return (
    ['bind', 'volume', 'tmpfs'].includes(Type) &&
    Target.startsWith('/') &&
    !`${Source}${Target}`.includes(',')
  );
}
