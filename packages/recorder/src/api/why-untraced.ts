import { type ImageDetails, ROLE_LABEL } from '@keepset/docker-engine';
import type { AskedContainer } from './asked-container.js';

/** What is known of the engine that a container is to run on. */
export interface TracingEngine {
  readonly architecture: string;
  /** See `EngineInformation`. */
  readonly securityOptions: readonly string[];
}

/** What else machines of an architecture run by themselves. */
const ALSO_NATIVE: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };
/** Those that run programs on the kernel of the machine, where ptrace is what it is. */
const PLAIN_RUNTIMES: ReadonlySet<string> = new Set([
  '',
  'runc',
  'crun',
  'nvidia',
  'io.containerd.runc.v2',
  'io.containerd.runtime.v1.linux',
]);

/**
 * Why a container runs as it is, without a tracer.
 *
 * @returns undefined: it can be traced
 * @example whyUntraced({ Image: 'a', HostConfig: { Privileged: true } }, image, engine) // 'it is privileged'
 */
export function whyUntraced(
  { Labels, HostConfig }: AskedContainer,
  image: Pick<ImageDetails, 'architecture' | 'os'>,
  engine: TracingEngine,
): string | undefined {
  const { Privileged, PidMode = '', UsernsMode = '', Runtime = '', SecurityOpt } = HostConfig ?? {};
  if (Labels?.[ROLE_LABEL] !== undefined) return "it is keepset's own";
  if (image.os !== 'linux') return `its image is for ${image.os}`;
  if (image.architecture !== engine.architecture && !isNative(image.architecture, engine.architecture))
    return `its image is for ${image.architecture}, and the engine's machine is ${engine.architecture}`;
  if (Privileged) return 'it is privileged';
  if (PidMode !== '' && PidMode !== 'private') return `it shares the processes of ${PidMode}`;
  if (UsernsMode !== '' || engine.securityOptions.some((option) => option.startsWith('name=userns')))
    return 'it runs in a user namespace, or leaves one';
  if (!PLAIN_RUNTIMES.has(Runtime)) return `it runs by ${Runtime}`;
  const profile = (SecurityOpt ?? []).find((option) => isProfile(option));
  if (profile !== undefined) return `it has a profile of its own (${profile.slice(0, 40)})`;
  return undefined;
}

function isNative(image: string, engine: string): boolean {
  return ALSO_NATIVE[engine]?.includes(image) ?? false;
}

/** One that may forbid ptrace. */
function isProfile(option: string): boolean {
  return /^(?:seccomp|apparmor)[=:](?!unconfined$)/.test(option);
}
