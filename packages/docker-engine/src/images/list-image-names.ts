import type { Connection } from '../connection/open-connection.js';

/** NAME:TAG of each image that has one, sorted. */
export async function listImageNames({ docker, session: { guard } }: Connection): Promise<readonly string[]> {
  const images = await guard('cannot list images', () => docker.listImages());
  const names = images.flatMap(({ RepoTags }) => (RepoTags as readonly string[] | null) ?? []);
  return names.filter((name) => name !== '<none>:<none>').sort();
}
