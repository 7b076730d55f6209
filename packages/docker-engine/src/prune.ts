import type { Connection } from './connection/open-connection.js';
import { removeContainer } from './containers/remove-container.js';
import { HISTORY_MARK, ROLE_LABEL } from './own-marks.js';

/**
 * Remove what an interrupted keepset left at the engine. Only what carries keepset's own marks is touched.
 *
 * @param role  only containers and volumes of this role. Default: all, and unnamed images
 * @returns what was removed
 */
export async function prune(connection: Connection, role?: string): Promise<readonly string[]> {
  const labels = [role === undefined ? ROLE_LABEL : `${ROLE_LABEL}=${role}`];
  return [
    ...(await pruneContainers(connection, labels)),
    ...(await pruneVolumes(connection, labels)),
    // Images have no role.
    ...(role === undefined ? await pruneImages(connection) : []),
  ];
}

async function pruneContainers(
  { docker, session }: Connection,
  label: readonly string[],
): Promise<readonly string[]> {
  const containers = await session.guard('cannot list containers', () =>
    docker.listContainers({ all: true, filters: { label: [...label] } }),
  );
  for (const { Id } of containers) await removeContainer(docker.getContainer(Id), session);
  return containers.map(({ Id }) => `container ${Id.slice(0, 12)}`);
}

async function pruneVolumes(
  { docker, session: { guard } }: Connection,
  label: readonly string[],
): Promise<readonly string[]> {
  const { Volumes } = await guard('cannot list volumes', () =>
    docker.listVolumes({ filters: { label: [...label] } }),
  );
  const names = (Volumes ?? []).map(({ Name }) => Name);
  for (const name of names)
    await guard(`cannot remove volume ${name}`, () => docker.getVolume(name).remove());
  return names.map((name) => `volume ${name}`);
}

async function pruneImages({ docker, session: { guard } }: Connection): Promise<readonly string[]> {
  const removed: string[] = [];
  const unnamed = await guard('cannot list images', () =>
    docker.listImages({ filters: { dangling: ['true'] } }),
  );
  for (const { Id, Labels } of unnamed) {
    const [newest] = (await guard('cannot read the history of an image', () =>
      docker.getImage(Id).history(),
    )) as readonly { readonly CreatedBy: string }[];
    if (!newest?.CreatedBy.startsWith(HISTORY_MARK) && Labels?.[ROLE_LABEL] === undefined) continue;
    await guard(`cannot remove image ${Id}`, () => docker.getImage(Id).remove());
    removed.push(`image ${Id.slice(7, 19)}`);
  }
  return removed;
}
