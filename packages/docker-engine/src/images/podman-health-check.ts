import type Docker from 'dockerode';
import type { ImageConfig } from './image-details.js';

/**
 * Ask Podman through its own API for an image's HEALTHCHECK, which its answer through Docker's leaves out.
 *
 * @param docker  speaks no version of Docker's API
 * @param reference  of an image that is there
 * @returns undefined where it has none, or the engine is another
 * @see Podman's libpod API, ImageInspectLibpod
 */
export async function readPodmanHealthCheck(
  docker: Docker,
  reference: string,
): Promise<ImageConfig['Healthcheck'] | undefined> {
  const { modem } = docker as unknown as { modem: Modem };
  const request = {
    path: `/v4.0.0/libpod/images/${encodeURIComponent(reference)}/json`,
    method: 'GET',
    statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
  };
  return await new Promise((resolve) => {
    modem.dial(request, (error, answer) => resolve(error ? undefined : answer?.Healthcheck));
  });
}

/** The part of docker-modem that dockerode's types leave out. */
interface Modem {
  dial(
    request: object,
    callback: (error: unknown, answer?: { readonly Healthcheck?: ImageConfig['Healthcheck'] }) => void,
  ): void;
}
