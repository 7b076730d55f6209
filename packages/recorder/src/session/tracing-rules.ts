import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { askIdentity, type Identity, type Launch, planLaunch, readIdentity } from '@keepset/tracer';
import { type AskedContainer, parseAskedContainer } from '../api/asked-container.js';
import { type TracedCreate, toTracedCreate } from '../api/traced-create.js';
import { type AskedExec, parseAskedExec, toPlainExec, toTracedExec } from '../api/traced-exec.js';
import { type TracingEngine, whyUntraced } from '../api/why-untraced.js';
import type { Exchange } from '../proxy/pass-request.js';
import type { CreateRequest, CreationRules } from './handle-requests.js';
import { onCreated } from './on-created.js';
import type { OwnPlaces } from './own-places.js';
import { sourceOf } from './source-of.js';
import type { ContainerWatch } from './watch-containers.js';
import type { WatchedContainer } from './watched-container.js';

/** A container, or a program in one, that ran without a tracer. */
export interface Untraced {
  /** Of the container. */
  readonly name: string;
  /** As the client wrote it. */
  readonly image: string;
  /** sha256:…; undefined: it is not known. */
  readonly imageId: string | undefined;
  /** What it ran, where the client said so. */
  readonly command: readonly string[];
  readonly reason: string;
}

/** What is known of a container that is traced, beside what is watched of every one. */
export interface Traced {
  readonly launch: Launch;
  readonly image: ImageDetails;
  readonly identity: Identity;
  /** The files in the volume of the traces: of process 1, of its HEALTHCHECK, of each exec by the engine's id. */
  readonly traceName: string;
  readonly execTraces: Map<string, string>;
}

/** Containers are created with the tracer, and programs in them. */
export interface TracingRules extends CreationRules {
  readonly traced: ReadonlyMap<string, Traced>;
  readonly untraced: readonly Untraced[];
}

export interface TracingContext {
  readonly engine: Engine;
  readonly tracing: TracingEngine;
  readonly places: Pick<OwnPlaces, 'mounts' | 'toolbox'>;
  readonly watch: ContainerWatch;
  readonly seccompFilter: boolean;
  /** By the id of the image that is asked for: what the container is made of. */
  readonly substitutes: ReadonlyMap<string, string>;
  /** Whether there is room for further traces; asked before each. */
  readonly hasRoom: () => boolean;
}

/** What is said of a program for whose trace there was no room. */
const NO_ROOM = 'the traces before it had reached their bound';

export function tracingRules(context: TracingContext): TracingRules {
  const { engine, watch } = context;
  const traced = new Map<string, Traced>();
  const untraced: Untraced[] = [];
  const identities = rememberIdentities(context);
  let begun = 0;
  return {
    traced,
    untraced,

    createElsewise(reason) {
      untraced.push({ name: '', image: '', imageId: undefined, command: [], reason });
    },

    async create(body, request) {
      const asked = parseAskedContainer(body);
      if (asked === undefined) return { onAnswer: onCreated(() => untraced.push(notUnderstood(request))) };
      const source = await engine.inspectImage(asked.Image);
      // The client hears it from the engine, and pulls.
      if (source === undefined) return undefined;
      const substitute = context.substitutes.get(source.id);
      const image = substitute === undefined ? source : await engine.inspectImage(substitute);
      if (image === undefined) return undefined;
      const leave = (reason: string): Exchange => ({
        ...passed(body),
        onAnswer: onCreated(() => untraced.push({ ...toShown(asked, request), imageId: source.id, reason })),
      });
      const reason = whyUntraced(asked, image, context.tracing) ?? (context.hasRoom() ? undefined : NO_ROOM);
      if (reason !== undefined) return leave(reason);
      let plan: TracedCreate | undefined;
      let identity: Identity;
      const traceName = `container-${++begun}`;
      try {
        identity = await identities.of(image, asked);
        plan = toTracedCreate(asked, image, {
          identity,
          mounts: context.places.mounts,
          traceName,
          seccompFilter: context.seccompFilter,
        });
      } catch (error) {
        return leave(`the tracer cannot run in it: ${(error as Error).message}`);
      }
      if (plan === undefined) return undefined;
      const { body: changed, merged, launch } = plan;
      return {
        body: Buffer.from(
          JSON.stringify({ ...changed, ...(substitute !== undefined && { Image: substitute }) }),
        ),
        onAnswer: onCreated((id) => {
          watch.add({
            ...{ id, name: request.name, client: request.client },
            image: { reference: asked.Image, id: source.id, architecture: source.architecture },
            asked: { body: asked, merged, ...(substitute !== undefined && { source: sourceOf(source) }) },
          });
          traced.set(id, { launch, image, identity, traceName, execTraces: new Map() });
        }),
      };
    },

    async createExec(body, container) {
      const asked = parseAskedExec(body);
      const own = traced.get(container.id);
      if (asked === undefined || own === undefined) return undefined;
      const traceName = `${own.traceName}-exec-${own.execTraces.size + 1}-${++begun}`;
      const launch = context.hasRoom() ? await execLaunch(container, own, asked) : undefined;
      const sent =
        launch === undefined
          ? toPlainExec(asked, container.asked.merged.User)
          : toTracedExec(asked, launch, traceName);
      if (launch === undefined)
        untraced.push({
          name: container.name,
          image: container.image.reference,
          imageId: container.image.id,
          command: asked.Cmd,
          reason: whyExecUntraced(asked),
        });
      else container.tracedTexts.set(sent.Cmd.join(' '), asked.Cmd.join(' '));
      return {
        body: Buffer.from(JSON.stringify(sent)),
        onAnswer: onCreated((id) => {
          watch.addExec(container, id, asked);
          if (launch !== undefined) own.execTraces.set(id, traceName);
        }),
      };
    },
  };

  function whyExecUntraced({ Privileged, User }: AskedExec): string {
    if (Privileged) return 'the exec is privileged';
    return context.hasRoom() ? `nobody is '${User}' in it` : NO_ROOM;
  }

  /** @returns undefined: it runs as it is */
  async function execLaunch(
    { id, asked: { body } }: WatchedContainer,
    { identity, image }: Traced,
    { User, Privileged, Env }: AskedExec,
  ): Promise<Launch | undefined> {
    if (Privileged) return undefined;
    const { CapAdd, CapDrop } = body.HostConfig ?? {};
    try {
      const who = User ? await readIdentity(engine.othersContainer(id), User) : identity;
      const options = {
        env: [...(body.Env ?? []), ...(Env ?? [])],
        capAdd: CapAdd ?? [],
        capDrop: CapDrop ?? [],
      };
      const { seccompFilter } = context;
      return planLaunch({ image, options, seccompFilter, append: true, programsHome: true }, who);
    } catch {
      return undefined;
    }
  }
}

/** Who a program of an image is, asked once for each user. */
function rememberIdentities({ engine, places }: Pick<TracingContext, 'engine' | 'places'>) {
  const known = new Map<string, Promise<Identity>>();
  return {
    async of(image: ImageDetails, { User, HostConfig }: AskedContainer): Promise<Identity> {
      const groupAdd = HostConfig?.GroupAdd ?? [];
      const key = JSON.stringify([image.id, User, groupAdd]);
      const options = { ...(User ? { user: User } : {}), groupAdd };
      let identity = known.get(key);
      if (identity === undefined) {
        identity = askIdentity(engine, places.toolbox, { image, options });
        known.set(key, identity);
        // What failed once may work for the next.
        identity.catch(() => known.delete(key));
      }
      return await identity;
    },
  };
}

/** What the engine understands, and keepset does not. */
function notUnderstood({ name }: CreateRequest): Untraced {
  const reason = 'it was asked for in words that keepset does not know';
  return { name, image: '', imageId: undefined, command: [], reason };
}

function passed(body: string): Exchange {
  return { body: Buffer.from(body) };
}

function toShown(
  { Image, Entrypoint, Cmd }: AskedContainer,
  { name }: CreateRequest,
): Pick<Untraced, 'name' | 'image' | 'command'> {
  return { name, image: Image, command: [...(Entrypoint ?? []), ...(Cmd ?? [])] };
}
