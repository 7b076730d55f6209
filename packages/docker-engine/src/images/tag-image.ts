import type { Connection } from '../connection/open-connection.js';

/** Give an image a further name; the name may have been another's. */
export async function tagImage(
  { docker, session }: Connection,
  id: string,
  { repository, tag }: { readonly repository: string; readonly tag: string },
): Promise<void> {
  await session.guard(`cannot tag the image ${repository}:${tag}`, () =>
    docker.getImage(id).tag({ repo: repository, tag }),
  );
}
