import { PassThrough } from 'node:stream';
import { OWNER_LABEL } from '@keepset/docker-engine';
import {
  changesAsAsked,
  configAsAsked,
  eventOfAsked,
  inspectAsAsked,
  listedAsAsked,
  topAsAsked,
} from '../api/as-asked.js';
import { isObject, parseAskedContainer } from '../api/asked-container.js';
import { toEndpoint } from '../api/endpoint.js';
import { eventLines } from '../api/event-lines.js';
import { parseExactJson } from '../api/exact-json.js';
import { mountEngineSocket } from '../api/mounted-socket.js';
import { execAsAsked } from '../api/traced-exec.js';
import { copyingTo } from '../proxy/copying-to.js';
import type { ProxiedRequest, ProxyHandler } from '../proxy/open-proxy.js';
import { type Answer, collect, type Exchange, passRequest } from '../proxy/pass-request.js';
import { getJson } from './get-json.js';
import type { SessionOptions } from './open-session.js';
import type { ContainerWatch } from './watch-containers.js';
import type { WatchedContainer } from './watched-container.js';

/** What is done with containers and programs that clients ask for. */
export interface CreationRules {
  /** @returns what is sent in place of the body, and done with the answer; undefined: it passes untouched */
  create(body: string, request: CreateRequest): Promise<Exchange | undefined>;
  createExec(body: string, container: WatchedContainer): Promise<Exchange | undefined>;
  /** A container that is asked for in a way that is not understood. */
  createElsewise(reason: string): void;
}

/** What a client says beside the body. */
export interface CreateRequest {
  /** Of the container; empty: none was given. */
  readonly name: string;
  /** As the client calls itself. */
  readonly client: string;
}

/** What the handler knows. */
export interface HandlerContext {
  readonly watch: ContainerWatch;
  readonly rules: CreationRules;
  readonly concerns: NonNullable<SessionOptions['concerns']>;
  /** Of keepset's own containers: no client sees them. */
  readonly owner: string;
  /** The named volume of the traces. */
  readonly volumes: readonly string[];
  /** Path of the engine's socket; undefined: it has none on this machine. */
  readonly engineSocket: string | undefined;
}

/** A body that is changed is held in memory; the engine's own limit is lower. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Sees to the few requests that show whether a container is traced. Everything else passes untouched.
 */
export function handleRequests(context: HandlerContext): ProxyHandler {
  return {
    async onRequest(request) {
      const { method = 'GET', url = '/' } = request.incoming;
      const endpoint = toEndpoint(method, url);
      if (endpoint === undefined) return false;
      const exchange = await toExchange(endpoint, request, context);
      if (exchange === undefined) return false;
      passRequest(request.upstream, request.incoming, request.response, exchange);
      return true;
    },

    // Java's clients offer another protocol with each request.
    staysPlain({ method = 'GET', url = '/' }) {
      const endpoint = toEndpoint(method, url);
      return endpoint !== undefined && endpoint.kind !== 'start exec';
    },

    onUpgrade({ method = 'GET', url = '/' }) {
      const endpoint = toEndpoint(method, url);
      return endpoint?.kind === 'start exec' ? context.watch.readExec(endpoint.reference) : undefined;
    },
  };
}

async function toExchange(
  endpoint: NonNullable<ReturnType<typeof toEndpoint>>,
  { incoming, upstream, socketPath }: ProxiedRequest,
  { watch, rules, concerns, owner, volumes, engineSocket }: HandlerContext,
): Promise<Exchange | undefined> {
  switch (endpoint.kind) {
    case 'create': {
      const body = await collect(incoming, BODY_BYTES_MAX);
      const client = (incoming.headers['user-agent'] ?? '').slice(0, 200);
      const request = { name: endpoint.name ?? '', client };
      const text = body.toString('utf8');
      const isConcerned = concerns(parseAskedContainer(text)?.Labels ?? {});
      const exchange = (isConcerned ? await rules.create(text, request) : undefined) ?? {};
      const { body: sent = body } = exchange;
      if (engineSocket === undefined) return { ...exchange, body: sent };
      return { ...exchange, body: mountEngineSocket(sent, socketPath, engineSocket) };
    }
    case 'create exec': {
      const body = await collect(incoming, BODY_BYTES_MAX);
      const container = await watch.find(endpoint.reference);
      return (container && (await rules.createExec(body.toString('utf8'), container))) ?? { body };
    }
    case "create by Podman's own API":
      rules.createElsewise("it was created through Podman's own API");
      return undefined;
    case 'start': {
      const container = await watch.find(endpoint.reference);
      // What cannot be read is not recorded; the container starts all the same.
      if (container !== undefined) await watch.readOutput(container).catch(() => {});
      return undefined;
    }
    case 'end': {
      const container = await watch.find(endpoint.reference);
      if (container?.isRunning) container.output.markEnd();
      return undefined;
    }
    case 'inspect':
      return onJson((answer) => {
        const container = isObject(answer) ? watch.byId(String(answer.Id)) : undefined;
        return container && isObject(answer) ? inspectAsAsked(answer, container.asked) : answer;
      });
    case 'list':
      return onJson((answer) => {
        if (!Array.isArray(answer)) return answer;
        const theirs = answer.filter((each) => !isObject(each) || !isOwners(each.Labels, owner));
        return theirs.map((each) => {
          const container = isObject(each) ? watch.byId(String(each.Id)) : undefined;
          return container === undefined ? each : listedAsAsked(each, container.asked);
        });
      });
    case 'top':
      return onJson((answer) => (isObject(answer) ? topAsAsked(answer) : answer));
    case 'changes':
      return onJson(changesAsAsked);
    case 'inspect exec':
      return onJson((answer) => {
        if (!isObject(answer)) return answer;
        const exec = watch.byId(String(answer.ContainerID))?.execs.get(endpoint.reference);
        if (exec === undefined) return answer;
        // Podman's event does not say which program has ended.
        if (answer.Running === false && typeof answer.ExitCode === 'number')
          exec.exitStatus ??= answer.ExitCode;
        return execAsAsked(answer, exec.asked);
      });
    case 'start exec': {
      const copy = watch.readExec(endpoint.reference);
      return (
        copy && {
          through: (status) =>
            status === 200 ? copyingTo(copy) : new PassThrough().on('end', () => copy.end()),
        }
      );
    }
    case 'events':
      return { through: () => eventLines(eventsAsAsked({ watch, owner, volumes })) };
    case 'commit': {
      const container = await watch.find(endpoint.reference);
      if (container === undefined) return undefined;
      const body = await collect(incoming, BODY_BYTES_MAX);
      const made = await getJson(upstream, `/containers/${container.id}/json`);
      return { body: Buffer.from(JSON.stringify(toCommitted(body, made, container))) };
    }
  }
}

/** Changes JSON; what is none passes as it is. */
function onJson(change: (answer: unknown) => unknown): Exchange {
  return {
    onAnswer({ status, body }: Answer): Answer {
      if (status !== 200) return { status, body };
      let answer: unknown;
      try {
        answer = parseExactJson(body.toString('utf8'));
      } catch {
        return { status, body };
      }
      return { status, body: Buffer.from(`${JSON.stringify(change(answer))}\n`) };
    },
  };
}

function isOwners(labels: unknown, owner: string): boolean {
  return owner !== '' && isObject(labels) && labels[OWNER_LABEL] === owner;
}

/** @returns for each line of a stream: what a client sees of it; undefined: it is keepset's, and no client's */
function eventsAsAsked(
  context: Pick<HandlerContext, 'watch' | 'owner' | 'volumes'>,
): (line: string) => string | undefined {
  const passed = new Map(context.watch.all().map(({ id, attaches }) => [id, attaches]));
  /** One of the attaches is ours, which one does not matter. */
  const isOurs = (container: WatchedContainer) => {
    const before = passed.get(container.id) ?? 0;
    if (before >= container.attaches) return false;
    passed.set(container.id, before + 1);
    return true;
  };
  return (line) => eventAsAsked(line, { ...context, isOurs });
}

interface EventContext extends Pick<HandlerContext, 'watch' | 'owner' | 'volumes'> {
  readonly isOurs: (attached: WatchedContainer) => boolean;
}

function eventAsAsked(line: string, { watch, owner, volumes, isOurs }: EventContext): string | undefined {
  if (!/keepset|"attach"|"image":"sha256:/.test(line)) return line;
  let event: unknown;
  try {
    event = parseExactJson(line);
  } catch {
    return line;
  }
  if (!isObject(event) || !isObject(event.Actor)) return line;
  const { ID, Attributes } = event.Actor;
  if (event.Type === 'volume' && volumes.includes(String(ID))) return undefined;
  if (isOwners(Attributes, owner)) return undefined;
  const action = String(event.Action);
  const container = event.Type === 'container' ? watch.byId(String(ID)) : undefined;
  if (container === undefined) return line;
  if (action === 'attach' && isOurs(container)) return undefined;
  if (container.asked.source !== undefined) return JSON.stringify(eventOfAsked(event, container.asked));
  if (!/^exec_(?:create|start): /.test(action)) return line;
  const text = container.tracedTexts.get(action.replace(/^\w+: /, ''));
  if (text === undefined) return line;
  const asked = `${action.split(':')[0]}: ${text}`;
  return JSON.stringify({ ...event, Action: asked, ...('status' in event && { status: asked }) });
}

/** The engine takes from the container what the body leaves out: so it says all, and nothing of the tracer's. */
function toCommitted(body: Buffer, made: unknown, { asked }: WatchedContainer): unknown {
  const { Config } = isObject(made) ? made : {};
  const config = configAsAsked(isObject(Config) ? Config : {}, asked.merged);
  const given = body.length === 0 ? {} : parseExactJson(body.toString('utf8'));
  const whole: Record<string, unknown> = { ...config, ...(isObject(given) ? given : {}) };
  // Nothing at all would be the container's.
  return { ...whole, Entrypoint: whole.Entrypoint ?? [], Cmd: whole.Cmd ?? [] };
}
