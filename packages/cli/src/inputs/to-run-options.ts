import { resolve } from 'node:path';
import type { RunOptions } from '@keepset/shrinker';
import { UsageError } from '../options/usage-error.js';
import { readTextFile } from './read-text-file.js';

/** The parsed command line, by the options' own names. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

export interface ClientSide {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/**
 * Options of docker run, with everything done that docker's client does before it asks the engine: variables passed
 * on, variable files and seccomp profiles read, relative folders made absolute.
 *
 * @throws UsageError  a file that cannot be read
 */
export function toRunOptions(parsed: ParsedOptions, client: ClientSide): RunOptions {
  const lists = (name: string) => parsed[name] as readonly string[] | undefined;
  const text = (name: string) => parsed[name] as string | undefined;
  const flag = (name: string) => parsed[name] as boolean | undefined;
  const variables = [
    ...(lists('env-file') ?? []).flatMap((file) => readVariables(file)),
    ...(lists('env') ?? []),
  ].flatMap((variable) => passOn(variable, client.environment));
  return withoutUndefined({
    addHost: lists('add-host'),
    capAdd: lists('cap-add'),
    capDrop: lists('cap-drop'),
    cpus: text('cpus'),
    device: lists('device'),
    dns: lists('dns'),
    entrypoint: text('entrypoint'),
    env: variables.length > 0 ? variables : undefined,
    gpus: text('gpus'),
    groupAdd: lists('group-add'),
    hostname: text('hostname'),
    init: flag('init'),
    interactive: flag('interactive'),
    memory: text('memory'),
    mount: lists('mount'),
    network: text('network'),
    platform: text('platform') ?? client.environment.DOCKER_DEFAULT_PLATFORM,
    publish: lists('publish'),
    readOnly: flag('read-only'),
    securityOpt: lists('security-opt')?.map(inlineProfile),
    shmSize: text('shm-size'),
    stopSignal: text('stop-signal'),
    sysctl: lists('sysctl'),
    tmpfs: lists('tmpfs'),
    tty: flag('tty'),
    ulimit: lists('ulimit'),
    user: text('user'),
    volume: lists('volume')?.map((volume) => absoluteSource(volume, client.workingDirectory)),
    workdir: text('workdir'),
  });
}

/** NAME alone takes the value of the caller's environment, or is left out when there is none. */
export function passOn(variable: string, environment: ClientSide['environment']): string[] {
  if (variable.includes('=')) return [variable];
  const value = environment[variable];
  return value === undefined ? [] : [`${variable}=${value}`];
}

/** @see docker-run(1), --env-file: one variable a line, # begins a comment line */
function readVariables(file: string): string[] {
  return readTextFile(file, '--env-file')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The engine wants a seccomp profile's text, not its name. */
function inlineProfile(option: string): string {
  const file = /^seccomp[=:](.*)$/.exec(option)?.[1];
  if (file === undefined || file === 'unconfined' || file === 'builtin') return option;
  const profile = readTextFile(file, '--security-opt');
  try {
    return `seccomp=${JSON.stringify(JSON.parse(profile))}`;
  } catch {
    throw new UsageError(`--security-opt ${option}: ${file} is not JSON`);
  }
}

/** A mount of docker's with a relative folder, made absolute. */
export function absoluteSource(volume: string, workingDirectory: string): string {
  return /^\.{1,2}(\/|:|$)/.test(volume)
    ? volume.replace(/^[^:]*/, (source) => resolve(workingDirectory, source))
    : volume;
}

function withoutUndefined<T extends object>(object: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
