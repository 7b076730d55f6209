import type Docker from 'dockerode';
import type { Connection } from '../connection/open-connection.js';
import { isNotFound } from '../engine-error.js';
import { parseImageReference } from '../images/image-reference.js';
import { ROLE_LABEL } from '../own-marks.js';
import { type FindCredentials, registryOf } from '../registry/registry-credentials.js';

/** Containers of one image that a Swarm starts on its nodes, each until it has ended well once. */
export interface SwarmJob {
  readonly image: string;
  /** Words for the image's ENTRYPOINT. */
  readonly args: readonly string[];
  /** `NAME=value`; a template of Swarm's may stand in it, as that of `.Task.Slot`: the place of a container, from 0. */
  readonly variables: readonly string[];
  readonly workingDirectory: string;
  /** Of the nodes, at the same place in containers. */
  readonly mounts: readonly string[];
  /** As docker service create has them: `node.labels.big == yes` */
  readonly constraints: readonly string[];
  readonly count: number;
  /** How many at a time. */
  readonly concurrent: number;
  /** How often one is started that ends with another status than 0, besides the first time. */
  readonly restartsMax: number;
  /** Between the stop signal and SIGKILL. */
  readonly graceSeconds: number;
}

/** One container of a job, or one that is to be. */
export interface SwarmTask {
  /** From 0. */
  readonly slot: number;
  /** As Swarm calls it: new, pending, assigned, preparing, running, complete, failed, … */
  readonly state: string;
  /** When it was made, in ISO 8601: of several of one slot the latest counts. */
  readonly createdAt: string;
  /** Why it failed, in Swarm's words; undefined of all others. */
  readonly message: string | undefined;
}

const NANOSECONDS = 1e9;
/** Of services that are jobs of keepset's. */
const ROLE = 'fleet';

/**
 * Give a job to the Swarm that the engine is a manager of. Containers have the name of their node.
 *
 * @returns its id
 * @throws EngineError NO_SWARM
 * @see docker service create, "Running as a job"
 */
export async function startSwarmJob(
  { docker, session: { guard } }: Connection,
  job: SwarmJob,
  findCredentials?: FindCredentials,
): Promise<string> {
  const authconfig = await findCredentials?.(registryOf(parseImageReference(job.image).repository));
  const { id } = await guard('cannot give tasks to a Swarm', () =>
    // The nodes that pull the image are shown what this one would be.
    // Both arguments: dockerode shows the whole of a lone one as the login.
    docker.createService({ ...authconfig } as Docker.AuthConfig, toServiceSpec(job)),
  );
  return id;
}

function toServiceSpec(job: SwarmJob): Docker.ServiceSpec {
  return {
    Labels: { [ROLE_LABEL]: ROLE },
    TaskTemplate: {
      ContainerSpec: {
        Image: job.image,
        Args: [...job.args],
        Env: [...job.variables],
        Dir: job.workingDirectory,
        Hostname: '{{.Node.Hostname}}',
        Mounts: job.mounts.map((place) => ({ Type: 'bind', Source: place, Target: place })),
        StopGracePeriod: job.graceSeconds * NANOSECONDS,
      },
      RestartPolicy: { Condition: 'on-failure', MaxAttempts: job.restartsMax },
      Placement: { Constraints: [...job.constraints] },
    },
    Mode: { ReplicatedJob: { TotalCompletions: job.count, MaxConcurrent: job.concurrent } },
  };
}

/** What of it a task list says; a number that is 0 is left out. */
interface ListedTask {
  readonly Slot?: number;
  readonly CreatedAt?: string;
  readonly Status?: { readonly State?: string; readonly Err?: string };
}

/**
 * The containers of a job: those that wait for their turn need not be among them.
 *
 * @returns undefined: there is no such job of keepset's
 * @throws EngineError NO_SWARM
 */
export async function listSwarmTasks(
  { docker, session: { guard } }: Connection,
  id: string,
): Promise<readonly SwarmTask[] | undefined> {
  try {
    const filters = { service: [id] };
    const tasks = await guard(
      'cannot ask a Swarm for its tasks',
      async (): Promise<readonly ListedTask[] | undefined> =>
        (await isOwnJob(docker, id)) ? await docker.listTasks({ filters }) : undefined,
    );
    return tasks?.map(({ Slot = 0, CreatedAt = '', Status }) => ({
      slot: Slot,
      state: Status?.State ?? 'new',
      createdAt: CreatedAt,
      message: Status?.Err,
    }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * End what runs of a job, and have nothing of it left. Absent, or not a job of keepset's: nothing happens.
 *
 * @throws EngineError NO_SWARM
 */
export async function removeSwarmJob({ docker, session: { guard } }: Connection, id: string): Promise<void> {
  try {
    await guard('cannot remove tasks from a Swarm', async () => {
      if (await isOwnJob(docker, id)) await docker.getService(id).remove();
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** An id comes from a file that anybody may have written: of a service of somebody else's, nothing is done. */
async function isOwnJob(docker: Docker, id: string): Promise<boolean> {
  const { Spec }: { readonly Spec?: Docker.ServiceSpec } = await docker.getService(id).inspect();
  return Spec?.Labels?.[ROLE_LABEL] === ROLE;
}
