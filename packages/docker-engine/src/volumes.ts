import type { Connection } from './connection/open-connection.js';
import { isNotFound } from './engine-error.js';
import { OWNER_LABEL, ROLE_LABEL } from './own-marks.js';

/** Make a named volume of keepset's; it stays. The same name twice is the same volume. */
export async function ensureVolume(
  { docker, session }: Connection,
  name: string,
  role = 'toolbox',
): Promise<void> {
  // The toolbox is every session's.
  const labels = role === 'toolbox' ? {} : { [OWNER_LABEL]: session.owner };
  await session.guard(`cannot create volume ${name}`, () =>
    docker.createVolume({ Name: name, Labels: { [ROLE_LABEL]: role, ...labels } }),
  );
}

/** Whether there is a volume of this name, whoever made it. */
export async function hasVolume({ docker, session }: Connection, name: string): Promise<boolean> {
  try {
    await session.guard(`cannot inspect volume ${name}`, () => docker.getVolume(name).inspect());
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Absent: nothing happens. */
export async function removeVolume({ docker, session }: Connection, name: string): Promise<void> {
  try {
    await session.guard(`cannot remove volume ${name}`, () => docker.getVolume(name).remove());
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
