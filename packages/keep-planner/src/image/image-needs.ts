/** What the image's configuration makes the engine, or whoever starts a container, need. */
export interface ImageNeeds {
  /** WORKDIR. */
  readonly workingDirectory?: string;
  /** Where the run begins, if not in WORKDIR. */
  readonly runDirectory?: string;
  /** VOLUME: mount points. */
  readonly volumes: readonly string[];
  /** Where the engine itself makes or mounts something for the run. Default none. */
  readonly mountPoints?: readonly string[];
  readonly user?: string;
  /** As in the configuration: `CMD`, `CMD-SHELL` or `NONE`, then what to run. */
  readonly healthcheck?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** SHELL, for `CMD-SHELL`. Default `/bin/sh -c`. */
  readonly shell?: readonly string[];
  /** PATH of the image's environment. Default the engine's. */
  readonly path?: string;
}

/** The engine's own, for an image that sets none. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
