/** One image as the engine describes it. */
export interface ImageDetails {
  /** sha256:… of the configuration (or of the manifest, with the containerd store). */
  readonly id: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly os: string;
  readonly osVersion?: string;
  readonly author?: string;
  /** ISO 8601 */
  readonly created: string;
  readonly sizeBytes: number;
  /** sha256:… of each layer, uncompressed, the lowest first. */
  readonly diffIds: readonly string[];
  /**
   * Its engine keeps layers by diff id, so that an archive may name one that is there instead of carrying it: true of
   * Docker's graph drivers, not of the containerd store, nor of Podman.
   */
  readonly layersByDiffId: boolean;
  /** Names and digests under which it is known. */
  readonly tags: readonly string[];
  readonly repositoryDigests: readonly string[];
  /** The configuration whole, as it goes into a result. */
  readonly config: ImageConfig;
}

/**
 * What an image says of the containers that are made of it; unknown keys are carried along.
 *
 * @see OCI image specification, "Image Configuration", `config`
 */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly Healthcheck?: { readonly Test?: readonly string[] } | null;
  readonly [key: string]: unknown;
}
