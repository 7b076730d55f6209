import type { ImageConfig } from '@keepset/docker-engine';
import { parseExactJson } from './exact-json.js';

/** JSON whose other fields are passed on as they are. */
type Open = Readonly<Record<string, unknown>>;

/** The body by which a client creates a container: of its fields those that matter here, unknown ones beside them. */
export interface AskedContainer extends Open {
  readonly Image: string;
  readonly Cmd?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly Shell?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly Healthcheck?: ({ readonly Test?: readonly string[] | null } & Open) | null;
  readonly HostConfig?: AskedHostConfig | null;
}

export interface AskedHostConfig extends Open {
  readonly Binds?: readonly string[] | null;
  readonly Mounts?: readonly AskedMount[] | null;
  readonly Tmpfs?: Readonly<Record<string, string>> | null;
  readonly CapAdd?: readonly string[] | null;
  readonly CapDrop?: readonly string[] | null;
  readonly SecurityOpt?: readonly string[] | null;
  readonly GroupAdd?: readonly string[] | null;
  readonly Privileged?: boolean;
  readonly PidMode?: string;
  readonly UsernsMode?: string;
  readonly Runtime?: string;
  readonly Init?: boolean | null;
  readonly ReadonlyRootfs?: boolean;
  readonly NetworkMode?: string;
}

export interface AskedMount extends Open {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
}

/** Fields that matter here, and those of what they hold. */
interface Names {
  readonly [name: string]: Names | null;
}

const NAMES = toNames(
  'Image Cmd Entrypoint Env User WorkingDir Tty OpenStdin Shell Labels Volumes',
  { Healthcheck: toNames('Test Interval Timeout StartPeriod StartInterval Retries') },
  {
    HostConfig: toNames(
      'Binds Tmpfs CapAdd CapDrop SecurityOpt GroupAdd Privileged PidMode UsernsMode Runtime Init ReadonlyRootfs NetworkMode',
      { Mounts: toNames('Type Source Target ReadOnly') },
    ),
  },
);

/** @param plain  with a space between them: what these hold does not matter */
export function toNames(plain: string, ...others: readonly Names[]): Names {
  return Object.assign(Object.fromEntries(plain.split(' ').map((name) => [name, null])), ...others);
}

/**
 * A value whose fields have the names by which they are known here: engines take these in any case, and the last of several.
 *
 * @see https://pkg.go.dev/encoding/json#Unmarshal
 */
export function withKnownNames(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => withKnownNames(each, names));
  if (!isObject(value)) return value;
  const known = new Map(
    Object.entries(names).map(([name, inner]) => [name.toLowerCase(), [name, inner]] as const),
  );
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const [name, inner] = known.get(key.toLowerCase()) ?? [key, null];
      return [name, inner === null ? each : withKnownNames(each, inner)];
    }),
  );
}

/**
 * Read the body by which a client creates a container.
 *
 * @returns undefined for what is none: the engine says so itself
 */
export function parseAskedContainer(text: string): AskedContainer | undefined {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  value = withKnownNames(value, NAMES);
  if (!isObject(value) || typeof value.Image !== 'string' || value.Image === '') return undefined;
  const { Cmd, Entrypoint, Env, HostConfig, Healthcheck, User, Labels, Shell, Volumes, WorkingDir } = value;
  const asked = { ...value, Cmd: toWords(Cmd), Entrypoint: toWords(Entrypoint) };
  const isKnown =
    [asked.Cmd, asked.Entrypoint, Env, Shell].every(isTextsOrNothing) &&
    [User, WorkingDir].every((each) => each === undefined || typeof each === 'string') &&
    [HostConfig, Healthcheck, Labels, Volumes].every((each) => isNothing(each) || isObject(each)) &&
    (!isObject(Healthcheck) || isTextsOrNothing(Healthcheck.Test)) &&
    (!isObject(HostConfig) || isKnownHostConfig(HostConfig));
  if (!isKnown) return undefined;
  // What was not there must not be there afterwards.
  return Object.fromEntries(
    Object.entries(asked).filter(([key, each]) => each !== undefined || key in value),
  ) as unknown as AskedContainer;
}

function isKnownHostConfig({ Binds, CapAdd, CapDrop, SecurityOpt, GroupAdd, Mounts, Tmpfs }: Open): boolean {
  return (
    [Binds, CapAdd, CapDrop, SecurityOpt, GroupAdd].every(isTextsOrNothing) &&
    (isNothing(Mounts) || (Array.isArray(Mounts) && Mounts.every(isObject))) &&
    (isNothing(Tmpfs) || isObject(Tmpfs))
  );
}

/** One text is one word, as the engine reads it. */
function toWords(value: unknown): unknown {
  return typeof value === 'string' ? [value] : value;
}

export function isObject(value: unknown): value is Open {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNothing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isTextsOrNothing(value: unknown): value is readonly string[] | undefined | null {
  return isNothing(value) || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
}

/** What process 1 is and has, as the engine makes it of what was asked for and of the image. */
export interface MergedContainer {
  readonly Entrypoint: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly Env: readonly string[];
  readonly User: string;
  readonly Healthcheck: AskedContainer['Healthcheck'];
}

/**
 * Merge what was asked for with the image's configuration, as the engine does.
 *
 * @see https://github.com/moby/moby/blob/v20.10.24/daemon/commit.go, `merge`
 */
export function mergeWithImage(asked: AskedContainer, image: ImageConfig): MergedContainer {
  const { Entrypoint, Cmd, Env, User, Healthcheck } = asked;
  const hasEntrypoint = (Entrypoint ?? []).length > 0;
  const cmd = hasEntrypoint || (Cmd ?? []).length > 0 ? Cmd : image.Cmd;
  const entrypoint = hasEntrypoint ? Entrypoint : (Entrypoint ?? image.Entrypoint);
  const isReset = (entrypoint ?? []).length === 0 || (entrypoint?.length === 1 && entrypoint[0] === '');
  // An ENTRYPOINT of the client's takes the image's CMD away; one that the image has does not.
  return {
    Entrypoint: isReset ? null : (entrypoint ?? null),
    Cmd: cmd ?? null,
    Env: mergeVariables(Env ?? [], image.Env ?? []),
    User: User || image.User || '',
    Healthcheck: mergeHealthcheck(Healthcheck, image.Healthcheck as AskedContainer['Healthcheck']),
  };
}

/** The client's go first, as inspect shows them. */
function mergeVariables(own: readonly string[], images: readonly string[]): readonly string[] {
  const names = new Set(own.map(nameOf));
  return [...own, ...images.filter((variable) => !names.has(nameOf(variable)))];
}

export function nameOf(variable: string): string {
  return variable.split('=', 1)[0] ?? '';
}

function mergeHealthcheck(
  own: AskedContainer['Healthcheck'],
  images: AskedContainer['Healthcheck'],
): AskedContainer['Healthcheck'] {
  if (own === undefined || own === null) return images;
  if (images === undefined || images === null) return own;
  const merged: Record<string, unknown> = { ...images };
  for (const [key, value] of Object.entries(own)) {
    const isUnset = value === 0 || value === null || (Array.isArray(value) && value.length === 0);
    if (!isUnset) merged[key] = value;
  }
  return merged as AskedContainer['Healthcheck'];
}

/** Process 1 and its arguments; empty: the engine refuses it. */
export function programOf({
  Entrypoint,
  Cmd,
}: Pick<MergedContainer, 'Entrypoint' | 'Cmd'>): readonly string[] {
  return [...(Entrypoint ?? []), ...(Cmd ?? [])];
}
