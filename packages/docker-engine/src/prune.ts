import type { Connection } from './connection/open-connection.js';
import { removeContainer } from './containers/remove-container.js';
import { isNotFound } from './engine-error.js';
import { OWNER_LABEL, ROLE_LABEL, SESSION_LABEL } from './own-marks.js';

/** What is to be removed of what sessions left. */
export interface PruneOptions {
  /** Only containers and volumes of this role. Default all. */
  readonly role?: string;
  /** Only say what would be removed. Default false. */
  readonly dryRun?: boolean;
  /**
   * Whether a session has ended without removing its containers, by the `owner` that it was connected with (empty: none)
   * and the age of the container. Default: every one has.
   */
  readonly isGone?: (owner: string, ageMs: number) => boolean;
  /** Whether toolbox volumes go that no container uses: not while a session may be about to use one. Default true. */
  readonly toolboxes?: boolean;
  /** Ids of images that sessions made which are gone: those that have no name are removed. Default none. */
  readonly images?: readonly string[];
}

const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As `provideToolbox` names them, and a recording those that hold its traces. */
const OWN_VOLUME = /^keepset-(toolbox|recording)-/;

/**
 * Remove what sessions left that are gone. A label alone proves nothing, for images hand theirs on: a container is
 * keepset's if it names a session and its image does not name the same. Images can be made to look like anything: only
 * those that the caller knows are removed, and only while they have no name.
 *
 * @returns what was removed
 */
export async function prune(
  connection: Connection,
  { role, dryRun = false, isGone = () => true, toolboxes = true, images = [] }: PruneOptions = {},
): Promise<readonly string[]> {
  const label = [role === undefined ? ROLE_LABEL : `${ROLE_LABEL}=${role}`];
  const containers = await findContainers(connection, label, isGone);
  const found = [
    ...containers,
    ...(await findVolumes(connection, label, {
      isGone,
      toolboxes,
      left: new Set(containers.map(({ id }) => id)),
    })),
    ...(await findImages(connection, images)),
  ];
  const removed: string[] = [];
  for (const { name, remove } of found) if (dryRun || (await remove())) removed.push(name);
  return removed;
}

/** Something that was left. */
interface Leftover {
  readonly name: string;
  /** @returns false where it turns out to be in use */
  remove(): Promise<boolean>;
}

async function findContainers(
  { docker, session }: Connection,
  label: readonly string[],
  isGone: NonNullable<PruneOptions['isGone']>,
): Promise<readonly (Leftover & { readonly id: string })[]> {
  const containers = await session.guard('cannot list containers', () =>
    docker.listContainers({ all: true, filters: { label: [...label] } }),
  );
  const left: (Leftover & { readonly id: string })[] = [];
  for (const { Id, ImageID, Labels, Created } of containers) {
    if (!SESSION_ID.test(Labels?.[SESSION_LABEL] ?? '')) continue;
    if (!isGone(Labels[OWNER_LABEL] ?? '', Date.now() - Created * 1000)) continue;
    const ofImage = await session
      .guard('cannot inspect an image', () => docker.getImage(ImageID).inspect())
      .then(({ Config }) => Config?.Labels as Record<string, string> | null | undefined)
      .catch(absent);
    // One that has an image's session was made by whoever ran the image.
    if (ofImage?.[SESSION_LABEL] === Labels[SESSION_LABEL]) continue;
    left.push({
      id: Id,
      name: `container ${Id.slice(0, 12)}`,
      async remove() {
        await removeContainer(docker.getContainer(Id), session);
        return true;
      },
    });
  }
  return left;
}

/**
 * Images have no part in the labels of named volumes.
 *
 * @param left  ids of containers: what they alone use is left as well
 */
async function findVolumes(
  { docker, session }: Connection,
  label: readonly string[],
  {
    isGone,
    toolboxes,
    left: leftContainers,
  }: Required<Pick<PruneOptions, 'isGone' | 'toolboxes'>> & { readonly left: ReadonlySet<string> },
): Promise<readonly Leftover[]> {
  const { Volumes } = await session.guard('cannot list volumes', () =>
    docker.listVolumes({ filters: { label: [...label] } }),
  );
  const left: Leftover[] = [];
  for (const { Name: name, Labels, ...facts } of Volumes ?? []) {
    const [, kind] = OWN_VOLUME.exec(name) ?? [];
    if (kind === undefined) continue;
    const { CreatedAt = '' } = facts as { CreatedAt?: string };
    const isLeft =
      kind === 'toolbox'
        ? toolboxes
        : isGone(Labels?.[OWNER_LABEL] ?? '', Date.now() - Date.parse(CreatedAt));
    if (!isLeft) continue;
    const users = await session.guard('cannot list containers', () =>
      docker.listContainers({ all: true, filters: { volume: [name] } }),
    );
    if (users.some(({ Id }) => !leftContainers.has(Id))) continue;
    left.push({
      name: `volume ${name}`,
      remove: () =>
        removeUnlessUsed(
          session.guard(`cannot remove volume ${name}`, () => docker.getVolume(name).remove()),
        ),
    });
  }
  return left;
}

async function findImages(
  { docker, session }: Connection,
  ids: readonly string[],
): Promise<readonly Leftover[]> {
  const left: Leftover[] = [];
  for (const id of new Set(ids)) {
    const image = await session
      .guard('cannot inspect an image', () => docker.getImage(id).inspect())
      .catch(absent);
    if (image?.Id !== id || image.RepoTags?.length > 0) continue;
    left.push({
      name: `image ${id.slice(7, 19)}`,
      remove: () =>
        removeUnlessUsed(session.guard(`cannot remove image ${id}`, () => docker.getImage(id).remove())),
    });
  }
  return left;
}

function absent(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

async function removeUnlessUsed(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal;
    return true;
  } catch (error) {
    const status = (error as { cause?: { statusCode?: number } }).cause?.statusCode;
    // 404: gone already; 409: it is used, by a session or by a name that it got in the meantime.
    if (status === 404 || status === 409) return false;
    throw error;
  }
}
