import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { TRACE_FOLDER } from '@keepset/tracer';
import { type AskedContainer, isObject, type MergedContainer, programOf } from './asked-container.js';

/** What a container was asked to be. */
export interface Asked {
  readonly body: AskedContainer;
  readonly merged: MergedContainer;
  /** The image that was asked for, where it was made of another. */
  readonly source?: AskedImage;
}

interface AskedImage {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

type Open = Readonly<Record<string, unknown>>;

/** Capabilities of the tracer's that the client did not ask for, as `inspect` names them or as it was asked. */
const WIDENED = /^(?:CAP_)?(?:SYS_PTRACE|SETUID|SETGID|SETPCAP)$/;

/**
 * The engine's account of a container, as it would be had it been made as it was asked for.
 *
 * @see Docker Engine API, "Inspect a container"
 */
export function inspectAsAsked(answer: Open, { body, merged, source }: Asked): Open {
  const [path = '', ...args] = programOf(merged);
  const image = source && { Image: body.Image, Labels: { ...source.labels, ...body.Labels } };
  return {
    ...answer,
    Path: path,
    Args: args,
    ...(source && { Image: source.id }),
    ...(isObject(answer.Config) && { Config: { ...configAsAsked(answer.Config, merged), ...image } }),
    ...(isObject(answer.HostConfig) && { HostConfig: hostConfigAsAsked(answer.HostConfig, body) }),
    ...(Array.isArray(answer.Mounts) && { Mounts: answer.Mounts.filter(isTheirs) }),
  };
}

/** The part of it that `commit` makes an image of. */
export function configAsAsked(
  config: Open,
  { Entrypoint, Cmd, Env, User, Healthcheck }: MergedContainer,
): Open {
  const { Healthcheck: _, ...rest } = config;
  // The engine adds variables of its own, PATH where the image has none.
  const names = new Set(Env.map((variable) => variable.split('=', 1)[0]));
  const added = (Array.isArray(config.Env) ? (config.Env as string[]) : []).filter(
    (variable) => variable.includes('=') && !names.has(variable.split('=', 1)[0]),
  );
  return {
    ...rest,
    Entrypoint,
    Cmd,
    Env: [...Env, ...added],
    User,
    ...(Healthcheck !== undefined && Healthcheck !== null && { Healthcheck }),
  };
}

function hostConfigAsAsked(config: Open, { HostConfig }: AskedContainer): Open {
  const { Mounts, ...rest } = config;
  const theirs = Array.isArray(Mounts) ? Mounts.filter(isTheirs) : [];
  const asked = HostConfig?.CapAdd ?? [];
  const widened = (name: unknown) =>
    WIDENED.test(String(name)) && !asked.some((each) => plainName(each) === plainName(String(name)));
  // One that the client adds and drops stands there twice.
  const all = new Set(Array.isArray(config.CapAdd) ? config.CapAdd : []);
  const added = [...all].filter((name) => !widened(name));
  return {
    ...rest,
    CapAdd: added.length > 0 ? added : (HostConfig?.CapAdd ?? null),
    CapDrop: HostConfig?.CapDrop ?? null,
    ...(theirs.length > 0 && { Mounts: theirs }),
  };
}

function plainName(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, '');
}

/** Whether a mount is none of keepset's. */
function isTheirs(mount: unknown): boolean {
  const { Target, Destination } = isObject(mount) ? mount : {};
  return ![TOOLBOX_FOLDER, TRACE_FOLDER].includes(String(Target ?? Destination));
}

/** One container in a list. @see Docker Engine API, "List containers" */
export function listedAsAsked(listed: Open, { body, merged, source }: Asked): Open {
  const [path = '', ...args] = programOf(merged);
  const words = [path, ...args.map((each) => (each.includes(' ') ? `'${each}'` : each))];
  return {
    ...listed,
    Command: words.join(' '),
    ...(source && {
      Image: body.Image,
      ImageID: source.id,
      Labels: { ...source.labels, ...body.Labels },
    }),
    ...(Array.isArray(listed.Mounts) && { Mounts: listed.Mounts.filter(isTheirs) }),
  };
}

/** An event of a container, which names its image twice. @see Docker Engine API, "Monitor events" */
export function eventOfAsked(event: Open, { body, source }: Asked): Open {
  if (source === undefined || !isObject(event.Actor)) return event;
  const { Attributes } = event.Actor;
  const attributes = { ...(isObject(Attributes) ? Attributes : {}), image: body.Image };
  return {
    ...event,
    ...('from' in event && { from: body.Image }),
    Actor: { ...event.Actor, Attributes: attributes },
  };
}

/** The processes of a container, without the tracer. @see Docker Engine API, "List processes running inside a container" */
export function topAsAsked(answer: Open): Open {
  const { Processes } = answer;
  if (!Array.isArray(Processes)) return answer;
  const isTracer = (row: unknown) =>
    Array.isArray(row) && row.some((field) => String(field).includes(`${TOOLBOX_FOLDER}/bin/strace`));
  return { ...answer, Processes: Processes.filter((row) => !isTracer(row)) };
}

/** What a container changed, without the places of mounts. @see Docker Engine API, "Get changes on a container's filesystem" */
export function changesAsAsked(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  const left = answer.filter(
    (change) => !isObject(change) || ![TOOLBOX_FOLDER, TRACE_FOLDER].includes(String(change.Path)),
  );
  return left.length > 0 ? left : null;
}
