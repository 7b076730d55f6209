import type { ContainerConfig, HostConfig } from '../containers/container-config.js';
import { defined } from './defined.js';
import { invalidOption } from './invalid-option.js';
import { parseMount } from './parse-mount.js';
import { parsePorts } from './parse-ports.js';
import { parseSizeBytes } from './parse-size-bytes.js';
import type { RunOptions } from './run-options.js';

/**
 * The container that `docker run OPTIONS IMAGE COMMAND` would create.
 *
 * @param image    reference or id
 * @param command  what follows IMAGE; empty: the image's own
 * @throws EngineError RUN_OPTION_INVALID  an option's value is not in docker's notation
 * @see docker-run(1)
 * @example toContainerConfig('debian', ['true'], { memory: '64m' }).HostConfig // { Memory: 67108864 }
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
      ShmSize: options.shmSize === undefined ? undefined : parseSizeBytes('shmSize', options.shmSize),
      CapAdd: options.capAdd,
      CapDrop: options.capDrop,
      SecurityOpt: options.securityOpt,
      ReadonlyRootfs: options.readOnly,
      Memory: options.memory === undefined ? undefined : parseSizeBytes('memory', options.memory),
      PidsLimit: options.pidsLimit === undefined ? undefined : parsePidsLimit(options.pidsLimit),
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

function parsePidsLimit(text: string): number {
  if (/^(?:-1|[1-9]\d{0,6})$/.test(text)) return Number(text);
  throw invalidOption('pidsLimit', text, 'a number such as 100');
}

function parseCpus(text: string): number {
  const cpus = Number(text);
  if (!(cpus > 0)) throw invalidOption('cpus', text, 'a number such as 1.5');
  return Math.round(cpus * 1e9);
}

function parseVolumes(texts: readonly string[]) {
  const binds = texts.filter((text) => text.includes(':'));
  const anonymous = texts.filter((text) => !text.includes(':'));
  for (const text of texts) {
    const target = text.includes(':') ? text.split(':')[1] : text;
    if (target === undefined || !target.startsWith('/'))
      throw invalidOption('volume', text, '[SOURCE:]/TARGET[:ro]');
  }
  return {
    binds: binds.length > 0 ? binds : undefined,
    anonymousVolumes:
      anonymous.length > 0 ? Object.fromEntries(anonymous.map((path) => [path, {}])) : undefined,
  };
}

function splitTmpfs(text: string): [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function parseUlimit(text: string) {
  const [name, limits] = splitAssignment('ulimit', text);
  const [soft, hard = soft] = limits.split(':').map(Number);
  if (soft === undefined || hard === undefined || Number.isNaN(soft) || Number.isNaN(hard)) {
    throw invalidOption('ulimit', text, 'NAME=SOFT[:HARD]');
  }
  return { Name: name, Soft: soft, Hard: hard };
}

function parseDevice(text: string) {
  const [host, second, third] = text.split(':');
  if (host === undefined || !host.startsWith('/'))
    throw invalidOption('device', text, '/HOST[:/CONTAINER[:rwm]]');
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
  if (match?.[1] === undefined) throw invalidOption('gpus', text, 'all, a number, or device=ID,ID');
  return { Count: 0, DeviceIDs: match[1].split(','), Capabilities };
}

function splitAssignment(option: keyof RunOptions, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw invalidOption(option, text, 'NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}
