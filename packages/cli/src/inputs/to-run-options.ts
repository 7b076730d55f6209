import { resolve } from 'node:path';
import type { RunOptions } from '@keepset/docker-engine';
import type { GroupValues } from '../options/option.js';
import type { RUN_OPTIONS } from '../options/run-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { readTextFile } from './read-text-file.js';

/** Where the user is. */
export type ClientSide = Pick<Console, 'environment' | 'workingDirectory'>;

/**
 * Options of docker run, with everything done that docker's client does before it asks the engine: variables passed
 * on, variable files and seccomp profiles read, relative folders made absolute.
 *
 * @throws UsageError  a file that cannot be read
 */
export function toRunOptions(options: GroupValues<typeof RUN_OPTIONS>, client: ClientSide): RunOptions {
  const variables = [...options['env-file'].flatMap(readVariables), ...options.env].flatMap((variable) =>
    passOn(variable, client.environment),
  );
  return givenOnly<RunOptions>({
    addHost: options['add-host'],
    capAdd: options['cap-add'],
    capDrop: options['cap-drop'],
    cpus: options.cpus,
    device: options.device,
    dns: options.dns,
    entrypoint: options.entrypoint,
    env: variables,
    gpus: options.gpus,
    groupAdd: options['group-add'],
    hostname: options.hostname,
    init: options.init,
    interactive: options.interactive,
    memory: options.memory,
    mount: options.mount,
    network: options.network,
    pidsLimit: options['pids-limit'],
    platform: options.platform ?? client.environment.DOCKER_DEFAULT_PLATFORM,
    publish: options.publish,
    readOnly: options['read-only'],
    securityOpt: options['security-opt'].map(inlineProfile),
    shmSize: options['shm-size'],
    stopSignal: options['stop-signal'],
    sysctl: options.sysctl,
    tmpfs: options.tmpfs,
    tty: options.tty,
    ulimit: options.ulimit,
    user: options.user,
    volume: options.volume.map((volume) => absoluteSource(volume, client.workingDirectory)),
    workdir: options.workdir,
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

/** Without what was not given: undefined, or an empty list. */
function givenOnly<T extends object>(object: { readonly [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(object).filter(([, value]) => isGiven(value))) as Partial<T>;
}
