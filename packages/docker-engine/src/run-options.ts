import type { ContainerConfig, HostConfig, MountConfig } from './container-config.js';
import { EngineError } from './engine-error.js';

/**
 * The container options of `docker run`, each under docker's name and in docker's own notation. Files that
 * docker's client reads (`--env-file`, `seccomp=FILE`, `-e NAME` without a value) are the caller's to read first.
 *
 * @see docker-run(1)
 */
export interface RunOptions {
  /** NAME=value */
  readonly env?: readonly string[];
  /** [SOURCE:]TARGET[:OPTIONS] */
  readonly volume?: readonly string[];
  /** type=bind,source=…,target=… */
  readonly mount?: readonly string[];
  /** PATH[:OPTIONS] */
  readonly tmpfs?: readonly string[];
  readonly workdir?: string;
  /** NAME|UID[:GROUP|GID] */
  readonly user?: string;
  /** Replaces the image's ENTRYPOINT, and drops its CMD; empty: none */
  readonly entrypoint?: string;
  readonly network?: string;
  /** [[IP:]PORT:]PORT[/PROTOCOL], also as ranges */
  readonly publish?: readonly string[];
  /** HOST:IP */
  readonly addHost?: readonly string[];
  readonly dns?: readonly string[];
  /** bytes, or with a unit: 64m */
  readonly shmSize?: string;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOpt?: readonly string[];
  readonly hostname?: string;
  /** OS/ARCHITECTURE[/VARIANT] */
  readonly platform?: string;
  readonly readOnly?: boolean;
  /** bytes, or with a unit: 512m */
  readonly memory?: string;
  /** a number: 1.5 */
  readonly cpus?: string;
  /** NAME=SOFT[:HARD] */
  readonly ulimit?: readonly string[];
  /** NAME=VALUE */
  readonly sysctl?: readonly string[];
  /** HOST[:CONTAINER[:PERMISSIONS]] */
  readonly device?: readonly string[];
  /** all, a number, or device=ID,ID */
  readonly gpus?: string;
  readonly groupAdd?: readonly string[];
  readonly init?: boolean;
  readonly stopSignal?: string;
  /** Keep standard input open for the program */
  readonly interactive?: boolean;
  readonly tty?: boolean;
}

/**
 * The container that `docker run OPTIONS IMAGE COMMAND` would create.
 *
 * @param image    reference or id
 * @param command  what follows IMAGE; empty: the image's own
 * @throws EngineError RUN_OPTION_INVALID  an option's value is not in docker's notation
 */
export function toContainerConfig(
  image: string,
  command: readonly string[],
  options: RunOptions,
): ContainerConfig {
  const { exposedPorts, portBindings } = parsePorts(options.publish ?? []);
  const { binds, anonymousVolumes } = parseVolumes(options.volume ?? []);
  return defined<ContainerConfig>({
    Image: image,
    Cmd: command.length > 0 ? command : undefined,
    Entrypoint: options.entrypoint === undefined ? undefined : [options.entrypoint],
    Env: options.env,
    User: options.user,
    WorkingDir: options.workdir,
    Hostname: options.hostname,
    StopSignal: options.stopSignal,
    Tty: options.tty ?? false,
    OpenStdin: options.interactive ?? false,
    StdinOnce: options.interactive ?? false,
    AttachStdin: options.interactive ?? false,
    AttachStdout: true,
    AttachStderr: true,
    ExposedPorts: exposedPorts,
    Volumes: anonymousVolumes,
    platform: options.platform,
    HostConfig: defined<HostConfig>({
      Binds: binds,
      Mounts: options.mount?.map(parseMount),
      Tmpfs: options.tmpfs && Object.fromEntries(options.tmpfs.map(splitTmpfs)),
      NetworkMode: options.network,
      PortBindings: portBindings,
      ExtraHosts: options.addHost,
      Dns: options.dns,
      ShmSize: options.shmSize === undefined ? undefined : parseSizeBytes('shm-size', options.shmSize),
      CapAdd: options.capAdd,
      CapDrop: options.capDrop,
      SecurityOpt: options.securityOpt,
      ReadonlyRootfs: options.readOnly,
      Memory: options.memory === undefined ? undefined : parseSizeBytes('memory', options.memory),
      NanoCpus: options.cpus === undefined ? undefined : parseCpus(options.cpus),
      Ulimits: options.ulimit?.map(parseUlimit),
      Sysctls:
        options.sysctl && Object.fromEntries(options.sysctl.map((text) => splitAssignment('sysctl', text))),
      Devices: options.device?.map(parseDevice),
      DeviceRequests: options.gpus === undefined ? undefined : [parseGpus(options.gpus)],
      GroupAdd: options.groupAdd,
      Init: options.init,
    }),
  });
}

/**
 * What process 1 will be: ENTRYPOINT and CMD as the engine merges them.
 *
 * @see Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"
 */
export function effectiveCommand(
  image: {
    readonly Entrypoint?: readonly string[] | null | undefined;
    readonly Cmd?: readonly string[] | null | undefined;
  },
  command: readonly string[],
  entrypoint?: string,
): readonly string[] {
  if (entrypoint !== undefined) return entrypoint === '' ? command : [entrypoint, ...command];
  return [...(image.Entrypoint ?? []), ...(command.length > 0 ? command : (image.Cmd ?? []))];
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

function parseSizeBytes(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([bkmgt]?)(?:i?b)?$/i.exec(text);
  const unit = UNIT_BYTES[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) throw invalid(option, text, 'a size such as 64m or 1g');
  return Math.floor(Number(match[1]) * unit);
}

function parseCpus(text: string): number {
  const cpus = Number(text);
  if (!(cpus > 0)) throw invalid('cpus', text, 'a number such as 1.5');
  return Math.round(cpus * 1e9);
}

function parseVolumes(texts: readonly string[]) {
  const binds = texts.filter((text) => text.includes(':'));
  const anonymous = texts.filter((text) => !text.includes(':'));
  for (const text of texts) {
    const target = text.includes(':') ? text.split(':')[1] : text;
    if (target === undefined || !target.startsWith('/'))
      throw invalid('volume', text, '[SOURCE:]/TARGET[:ro]');
  }
  return {
    binds: binds.length > 0 ? binds : undefined,
    anonymousVolumes:
      anonymous.length > 0 ? Object.fromEntries(anonymous.map((path) => [path, {}])) : undefined,
  };
}

function parseMount(text: string): MountConfig {
  const fields = new Map(
    text.split(',').map((field) => {
      const at = field.indexOf('=');
      return at < 0 ? [field.toLowerCase(), 'true'] : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
    }),
  );
  const take = (...names: string[]): string | undefined => {
    let value: string | undefined;
    for (const name of names) {
      value ??= fields.get(name);
      fields.delete(name);
    }
    return value;
  };
  const type = take('type') ?? 'volume';
  const source = take('source', 'src');
  const target = take('target', 'dst', 'destination');
  const readOnly = take('readonly', 'ro');
  const propagation = take('bind-propagation');
  const noCopy = take('volume-nocopy');
  const tmpfsSize = take('tmpfs-size');
  const tmpfsMode = take('tmpfs-mode');
  take('consistency');
  const unknown = [...fields.keys()][0];
  if (target === undefined || unknown !== undefined || !['bind', 'volume', 'tmpfs'].includes(type)) {
    throw invalid(
      'mount',
      text,
      unknown === undefined ? 'type=bind|volume|tmpfs,source=…,target=/…' : `no field '${unknown}'`,
    );
  }
  return defined<MountConfig>({
    Type: type,
    Source: source,
    Target: target,
    ReadOnly: readOnly === undefined ? undefined : readOnly !== 'false' && readOnly !== '0',
    BindOptions: propagation === undefined ? undefined : { Propagation: propagation },
    VolumeOptions: noCopy === undefined ? undefined : { NoCopy: noCopy !== 'false' },
    TmpfsOptions:
      tmpfsSize === undefined && tmpfsMode === undefined
        ? undefined
        : defined<{ SizeBytes?: number; Mode?: number }>({
            SizeBytes: tmpfsSize === undefined ? undefined : parseSizeBytes('mount', tmpfsSize),
            Mode: tmpfsMode === undefined ? undefined : Number.parseInt(tmpfsMode, 8),
          }),
  });
}

function splitTmpfs(text: string): [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const PORT =
  /^(?:(\[[0-9a-fA-F:]+\]|\d+(?:\.\d+){3}):)?(?:(\d*(?:-\d+)?):)?(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/;

function parsePorts(texts: readonly string[]) {
  const exposed: Record<string, Record<string, never>> = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const text of texts) {
    const match = PORT.exec(text);
    if (match === null) throw invalid('publish', text, '[[IP:]PORT:]PORT[/PROTOCOL]');
    const [, ip = '', host = '', first, last = first, protocol = 'tcp'] = match;
    const [hostFirst, hostLast = hostFirst] = host.split('-');
    const count = Number(last) - Number(first) + 1;
    const spread = host !== '' && Number(hostLast) - Number(hostFirst) + 1 === count;
    if (count < 1 || (count > 1 && host !== '' && !spread))
      throw invalid('publish', text, 'ranges of the same length');
    for (let at = 0; at < count; at++) {
      const port = `${Number(first) + at}/${protocol}`;
      exposed[port] = {};
      bindings[port] = [
        ...(bindings[port] ?? []),
        { HostIp: ip.replace(/^\[|\]$/g, ''), HostPort: spread ? String(Number(hostFirst) + at) : host },
      ];
    }
  }
  return texts.length === 0 ? {} : { exposedPorts: exposed, portBindings: bindings };
}

function parseUlimit(text: string) {
  const [name, limits] = splitAssignment('ulimit', text);
  const [soft, hard = soft] = limits.split(':').map(Number);
  if (soft === undefined || hard === undefined || Number.isNaN(soft) || Number.isNaN(hard)) {
    throw invalid('ulimit', text, 'NAME=SOFT[:HARD]');
  }
  return { Name: name, Soft: soft, Hard: hard };
}

function parseDevice(text: string) {
  const [host, second, third] = text.split(':');
  if (host === undefined || !host.startsWith('/')) throw invalid('device', text, '/HOST[:/CONTAINER[:rwm]]');
  const secondIsPath = second?.startsWith('/') ?? false;
  return {
    PathOnHost: host,
    PathInContainer: secondIsPath && second !== undefined ? second : host,
    CgroupPermissions: third ?? (second !== undefined && !secondIsPath ? second : 'rwm'),
  };
}

function parseGpus(text: string) {
  const Capabilities = [['gpu']];
  if (text === 'all') return { Count: -1, Capabilities };
  if (/^\d+$/.test(text)) return { Count: Number(text), Capabilities };
  const match = /^"?device=([\w:.,-]+)"?$/.exec(text);
  if (match?.[1] === undefined) throw invalid('gpus', text, 'all, a number, or device=ID,ID');
  return { Count: 0, DeviceIDs: match[1].split(','), Capabilities };
}

function splitAssignment(option: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw invalid(option, text, 'NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

function invalid(option: string, text: string, expected: string): EngineError {
  return new EngineError('RUN_OPTION_INVALID', `--${option} ${text}: not valid`, {
    hint: `Expected ${expected}, as in docker run.`,
  });
}

/** The object without the keys whose value is undefined: the engine tells absent from null. */
function defined<T extends object>(object: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
