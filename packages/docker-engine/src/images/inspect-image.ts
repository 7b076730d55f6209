import type Docker from 'dockerode';
import type { Connection } from '../connection/open-connection.js';
import { isNotFound } from '../engine-error.js';
import type { ImageConfig, ImageDetails } from './image-details.js';
import { readPodmanHealthCheck } from './podman-health-check.js';

/** Undefined when the engine has no such image. */
export async function inspectImage(
  { docker, session: { guard }, details: { isDocker }, unversioned }: Connection,
  reference: string,
): Promise<ImageDetails | undefined> {
  const context = `cannot inspect image ${reference}`;
  try {
    const answer = await guard(context, () => docker.getImage(reference).inspect());
    const image = toImageDetails(answer, isDocker);
    if (isDocker) return image;
    const Healthcheck = await guard(context, () => readPodmanHealthCheck(unversioned(), image.id));
    return Healthcheck ? { ...image, config: { ...image.config, Healthcheck } } : image;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function toImageDetails(image: Docker.ImageInspectInfo, isDocker: boolean): ImageDetails {
  const more = image as Docker.ImageInspectInfo & { Variant?: string; OsVersion?: string };
  // The containerd store names a driver and says nothing of it.
  const graphDriver = image.GraphDriver as { Data?: unknown } | undefined;
  return {
    id: image.Id,
    architecture: image.Architecture,
    os: image.Os,
    created: image.Created,
    sizeBytes: image.Size,
    diffIds: image.RootFS?.Layers ?? [],
    layersByDiffId: isDocker && (graphDriver?.Data ?? undefined) !== undefined,
    tags: image.RepoTags ?? [],
    repositoryDigests: image.RepoDigests ?? [],
    config: (image.Config ?? {}) as unknown as ImageConfig,
    ...(more.Variant && { variant: more.Variant }),
    ...(more.OsVersion && { osVersion: more.OsVersion }),
    ...(image.Author && { author: image.Author }),
  };
}
