/**
 * What a container is created from: the part of the engine's own JSON that keepset uses, under the engine's names.
 *
 * @see Docker Engine API, "Create a container"
 */
export interface ContainerConfig {
  readonly Image: string;
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  /** `NAME=value`; `NAME` alone takes away what the image has (on Podman, its value). */
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Hostname?: string;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly StdinOnce?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
  readonly StopSignal?: string;
  readonly Healthcheck?: { readonly Test: readonly string[] };
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly HostConfig?: HostConfig;
  /** Not part of the body: the platform that the engine shall choose of a multi-platform image. */
  readonly platform?: string;
}

/**
 * What a container has of its host.
 *
 * @see Docker Engine API, "HostConfig"
 */
export interface HostConfig {
  readonly Binds?: readonly string[];
  readonly Mounts?: readonly MountConfig[];
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly NetworkMode?: string;
  readonly PortBindings?: Readonly<
    Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>
  >;
  readonly ExtraHosts?: readonly string[];
  readonly Dns?: readonly string[];
  readonly ShmSize?: number;
  readonly CapAdd?: readonly string[];
  readonly CapDrop?: readonly string[];
  readonly SecurityOpt?: readonly string[];
  readonly ReadonlyRootfs?: boolean;
  readonly Memory?: number;
  readonly PidsLimit?: number;
  readonly CpuShares?: number;
  readonly NanoCpus?: number;
  readonly Ulimits?: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly Devices?: readonly {
    readonly PathOnHost: string;
    readonly PathInContainer: string;
    readonly CgroupPermissions: string;
  }[];
  readonly DeviceRequests?: readonly {
    readonly Count: number;
    readonly DeviceIDs?: readonly string[];
    readonly Capabilities: readonly (readonly string[])[];
  }[];
  readonly GroupAdd?: readonly string[];
  readonly Init?: boolean;
  readonly LogConfig?: { readonly Type: string };
}

/**
 * A volume, a folder of the host or a tmpfs in a container.
 *
 * @see Docker Engine API, "Mount"
 */
export interface MountConfig {
  readonly Type: string;
  readonly Source?: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly BindOptions?: { readonly Propagation: string };
  readonly VolumeOptions?: { readonly NoCopy?: boolean };
  readonly TmpfsOptions?: { readonly SizeBytes?: number; readonly Mode?: number };
}
