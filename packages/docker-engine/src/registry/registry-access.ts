import { join } from 'node:path';
import { type FindCredentials, findClientCredentials } from './registry-credentials.js';

/** How registries are reached, and who asks. */
export interface RegistryAccess {
  /** Default: nobody's. */
  readonly findCredentials?: FindCredentials | undefined;
  /**
   * Folders in which a folder HOST[:PORT] holds certificates: `*.crt` of authorities that are trusted besides,
   * `*.cert` and `*.key` of the client. Default none.
   */
  readonly certificateFolders?: readonly string[] | undefined;
  /** Ask also without TLS, and whoever vouches for the certificate. Default: registries of this machine alone. */
  readonly insecure?: boolean | undefined;
  /** Ends what goes on. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * As docker and podman reach registries: with what `docker login` left, and their folders of certificates.
 *
 * @see docker, "Verify repository client with certificates"; containers-certs.d(5)
 * @example
 * const { certificateFolders = [] } = clientRegistryAccess({ environment: {}, homeDirectory: '/home/me' });
 * certificateFolders[0] // '/home/me/.config/containers/certs.d'
 */
export function clientRegistryAccess(sources: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
}): RegistryAccess {
  const own = sources.environment.XDG_CONFIG_HOME || join(sources.homeDirectory, '.config');
  return {
    findCredentials: findClientCredentials(sources),
    certificateFolders: [join(own, 'containers'), join(own, 'docker'), '/etc/containers', '/etc/docker'].map(
      (folder) => join(folder, 'certs.d'),
    ),
  };
}
