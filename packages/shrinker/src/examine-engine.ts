import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { type Engine, EngineError, type EngineInformation, type OutputChunk } from '@keepset/docker-engine';
import {
  provideToolbox,
  type Toolbox,
  ToolboxError,
  type ToolboxOptions,
  toolCommand,
} from '@keepset/toolbox';
import { runContainer } from '@keepset/tracer';
import { megabytes } from './publish/megabytes.js';

/** What one look at the machine found. */
export interface Finding {
  readonly subject:
    | 'engine'
    | 'architecture'
    | 'storage'
    | 'security'
    | 'engine disk'
    | 'temporary folder'
    | 'toolbox'
    | 'strace'
    | 'ptrace';
  /** `poor` works, but not well; `unknown` could not be looked at. */
  readonly state: 'good' | 'poor' | 'bad' | 'unknown';
  readonly detail: string;
  /** Of what is not good. */
  readonly remedy?: string;
}

/** Of the images that are shrunk most are larger; the result is needed beside its source. */
const FREE_BYTES_MIN = 2e9;

/**
 * Look whether keepset can work with an engine: each thing that it needs, with a remedy where it is lacking. What is
 * made for it is removed again, but for the toolbox, which the next shrink uses.
 *
 * @throws EngineError  only when the engine does not answer any more
 * @example
 * const findings = await examineEngine(engine);
 * findings.map(({ subject }) => subject).includes('ptrace') // true
 */
export async function examineEngine(
  engine: Engine,
  toolboxOptions: ToolboxOptions = {},
): Promise<readonly Finding[]> {
  const information = await engine.information();
  return [
    ...aboutEngine(engine, information),
    await aboutSpace('engine disk', information.dataRoot, isLocal(engine)),
    await aboutSpace('temporary folder', tmpdir(), true),
    ...(await aboutTracing(engine, toolboxOptions)),
  ];
}

function aboutEngine(
  { details }: Engine,
  {
    storageDriver,
    securityOptions,
    operatingSystem,
    kernelVersion,
    processors,
    memoryBytes,
  }: EngineInformation,
): readonly Finding[] {
  const { version, apiVersion, isDocker, os, architecture } = details;
  const name = isDocker ? 'Docker' : 'an engine that speaks its API,';
  const options = securityOptions.map((option) => option.replace(/^name=/, ''));
  return [
    {
      subject: 'engine',
      state: isDocker ? 'good' : 'poor',
      detail: `${name} ${version}, API ${apiVersion}; ${operatingSystem}, kernel ${kernelVersion}, ${processors} processors, ${(memoryBytes / 1e9).toFixed(0)} GB`,
      ...(!isDocker && { remedy: 'keepset is tested with Docker Engine alone; expect surprises' }),
    },
    {
      subject: 'architecture',
      state: os === 'linux' ? 'good' : 'bad',
      detail: `${os}/${architecture}`,
      ...(os !== 'linux' && { remedy: 'switch the engine to Linux containers' }),
    },
    {
      subject: 'storage',
      state: storageDriver === 'vfs' ? 'poor' : 'good',
      detail: storageDriver,
      ...(storageDriver === 'vfs' && {
        remedy: 'vfs copies the image for every container: use overlay2 (a data folder on ext4 or xfs)',
      }),
    },
    {
      subject: 'security',
      state: options.some((option) => option.startsWith('rootless')) ? 'poor' : 'good',
      detail: options.join(' ') || 'none',
      ...(options.some((option) => option.startsWith('rootless')) && {
        remedy:
          'without /dev/net/tun it has no network of its own; use an engine that runs as root where a shrink fails',
      }),
    },
  ];
}

function isLocal({ details }: Engine): boolean {
  return details.address.startsWith('unix://');
}

async function aboutSpace(
  subject: 'engine disk' | 'temporary folder',
  folder: string,
  isHere: boolean,
): Promise<Finding> {
  if (!isHere) return { subject, state: 'unknown', detail: `${folder}, on the engine's machine` };
  try {
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const isEnough = freeBytes >= FREE_BYTES_MIN;
    return {
      subject,
      state: isEnough ? 'good' : 'poor',
      detail: `${folder}: ${megabytes(freeBytes)} free`,
      ...(!isEnough && {
        remedy:
          subject === 'engine disk'
            ? "free space ('docker system df' shows what takes it)"
            : 'point TMPDIR at a folder with more room',
      }),
    };
  } catch {
    return { subject, state: 'unknown', detail: `${folder} cannot be looked at from here` };
  }
}

/** In a container of an image without anything: whatever works there, works everywhere. */
async function aboutTracing(engine: Engine, options: ToolboxOptions): Promise<readonly Finding[]> {
  const image = await engine.importLayer(emptyTar());
  try {
    const toolbox = await provideToolbox(engine, image, engine.details.architecture, options);
    const found: Finding = { subject: 'toolbox', state: 'good', detail: `volume ${toolbox.volume}` };
    return [found, await aboutStrace(engine, image, toolbox), await aboutPtrace(engine, image, toolbox)];
  } catch (error) {
    if (!(error instanceof ToolboxError)) throw error;
    const { message, hint = 'install strace on this machine, or take the toolbox from an image' } = error;
    return [{ subject: 'toolbox', state: 'bad', detail: message, remedy: hint }];
  } finally {
    await engine.removeImage(image);
  }
}

async function aboutStrace(engine: Engine, image: string, toolbox: Toolbox): Promise<Finding> {
  const { output } = await runTool(engine, image, toolbox, toolCommand('strace', ['-V']));
  const version = /strace -- version (\S+)/.exec(output)?.[1];
  const features = /Optional features enabled: (.*)/.exec(output)?.[1] ?? '';
  if (version === undefined)
    return {
      subject: 'strace',
      state: 'bad',
      detail: firstLine(output),
      remedy: 'take the toolbox from an image',
    };
  return { subject: 'strace', state: 'good', detail: `${version} (${features})` };
}

async function aboutPtrace(engine: Engine, image: string, toolbox: Toolbox): Promise<Finding> {
  const traced = toolCommand('strace', [
    '-f',
    '--seccomp-bpf',
    '-e',
    'trace=execve,exit_group',
    ...toolCommand('find', ['/', '-maxdepth', '0']),
  ]);
  // The traced program's own output may come in the middle of a line of strace's.
  const { errors, exitStatus } = await runTool(engine, image, toolbox, traced);
  if (exitStatus === 0 && errors.includes('exit_group(0)'))
    return {
      subject: 'ptrace',
      state: 'good',
      detail: 'a program was traced in a container, with SYS_PTRACE added',
    };
  return {
    subject: 'ptrace',
    state: 'bad',
    detail: firstLine(errors) || `exit status ${exitStatus}`,
    remedy:
      "allow ptrace in containers: the engine's seccomp or AppArmor profile, or the machine's policy, forbids it",
  };
}

async function runTool(
  engine: Engine,
  image: string,
  toolbox: Toolbox,
  command: readonly string[],
): Promise<{ readonly output: string; readonly errors: string; readonly exitStatus: number }> {
  const [entrypoint = '', ...rest] = command;
  const config = {
    Image: image,
    Entrypoint: [entrypoint],
    Cmd: rest,
    HostConfig: {
      Mounts: [toolbox.mount],
      NetworkMode: 'none',
      LogConfig: { Type: 'none' },
      CapAdd: ['SYS_PTRACE'],
    },
  };
  const pieces: Record<OutputChunk['stream'], Uint8Array[]> = { stdout: [], stderr: [] };
  await using container = await engine.createContainer(config, 'doctor');
  const text = (stream: OutputChunk['stream']) => Buffer.concat(pieces[stream]).toString();
  try {
    const exitStatus = await runContainer(container, config, {
      onOutput: ({ stream, bytes }) => void pieces[stream].push(bytes),
    });
    return { output: text('stdout'), errors: text('stderr'), exitStatus };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === 'INTERRUPTED') throw error;
    return { output: error.message, errors: error.message, exitStatus: -1 };
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/** Two blocks of zeros. @see tar(5) */
async function* emptyTar(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1024);
}
