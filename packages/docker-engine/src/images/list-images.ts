import type { Connection } from '../connection/open-connection.js';

/** An image in the engine's list. */
export interface ListedImage {
  /** sha256:… */
  readonly id: string;
  /** NAME:TAG each. */
  readonly names: readonly string[];
  /** NAME@sha256:… each. */
  readonly repositoryDigests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the engine lists, in its order: one request, however many there are. */
export async function listImages({
  docker,
  session: { guard },
}: Connection): Promise<readonly ListedImage[]> {
  const images = await guard('cannot list images', () => docker.listImages());
  return images.map(({ Id, RepoTags, RepoDigests, Labels }) => ({
    id: Id,
    // Either list may be null, and may name what has no name.
    names: named(RepoTags),
    repositoryDigests: named(RepoDigests),
    labels: (Labels as Readonly<Record<string, string>> | null) ?? {},
  }));
}

function named(names: readonly string[] | null | undefined): readonly string[] {
  return (names ?? []).filter((name) => !name.startsWith('<none>'));
}
