import type { ImageConfig } from '@keepset/docker-engine';
import { BuildError } from '../build-error.js';
import { expandWord, splitWords } from './dockerfile-words.js';
import { readHealthcheck } from './read-healthcheck.js';
import { readList } from './read-list.js';

/** The instructions that docker import and docker commit take. */
const INSTRUCTIONS: Readonly<Record<string, (config: ImageConfig, text: string) => ImageConfig>> = {
  CMD: (config, text) => ({ ...config, Cmd: readCommand(config, text) }),
  ENTRYPOINT: (config, text) => ({ ...config, Entrypoint: readCommand(config, text) }),
  ENV: (config, text) => ({ ...config, Env: withVariables(config.Env ?? [], readPairs(config, text)) }),
  EXPOSE: (config, text) => ({
    ...config,
    ExposedPorts: { ...config.ExposedPorts, ...toSet(words(config, text).flatMap(readPorts)) },
  }),
  HEALTHCHECK: (config, text) => ({ ...config, Healthcheck: readHealthcheck(text) }),
  LABEL: (config, text) => ({
    ...config,
    Labels: { ...(config.Labels as object), ...Object.fromEntries(readPairs(config, text)) },
  }),
  ONBUILD: (config, text) => ({
    ...config,
    OnBuild: [...((config.OnBuild as readonly string[] | null | undefined) ?? []), readTrigger(text)],
  }),
  STOPSIGNAL: (config, text) => ({ ...config, StopSignal: single(config, text) }),
  USER: (config, text) => ({ ...config, User: single(config, text) }),
  VOLUME: (config, text) => ({
    ...config,
    Volumes: { ...config.Volumes, ...toSet(readList(text) ?? words(config, text)) },
  }),
  WORKDIR: (config, text) => ({
    ...config,
    WorkingDir: below(config.WorkingDir || '/', single(config, text)),
  }),
};

/**
 * Change a configuration as docker-import(1) and docker-commit(1) do with their option `change`.
 *
 * @param changes  Dockerfile instructions, one each: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD,
 *   STOPSIGNAL, USER, VOLUME, WORKDIR
 * @throws BuildError BUILD_BAD_CHANGE
 * @see Dockerfile reference; moby, builder/dockerfile, BuildFromConfig: a new ENTRYPOINT takes a CMD away that was
 *   meant for the old one, unless a CMD comes before it
 * @example applyChanges({ Env: ['A=1'] }, ['ENV B="$A 2"', 'USER 1000']) // { Env: ['A=1', 'B=1 2'], User: '1000' }
 */
export function applyChanges(config: ImageConfig, changes: readonly string[]): ImageConfig {
  let changed = config;
  let commandSet = false;
  for (const change of changes) {
    const [, name = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s.exec(change) ?? [];
    const instruction = name.toUpperCase();
    const apply = Object.hasOwn(INSTRUCTIONS, instruction) ? INSTRUCTIONS[instruction] : undefined;
    if (apply === undefined) throw badChange(change, 'it is not one of the instructions that can be changed');
    const text = rest.trim();
    try {
      if (text === '' && !['CMD', 'ENTRYPOINT'].includes(instruction))
        throw new RangeError('it says nothing');
      changed = apply(changed, text);
    } catch (error) {
      if (error instanceof RangeError) throw badChange(change, error.message);
      throw error;
    }
    if (instruction === 'CMD') commandSet = true;
    if (instruction === 'ENTRYPOINT' && !commandSet) changed = { ...changed, Cmd: null };
  }
  return changed;
}

function badChange(change: string, reason: string): BuildError {
  return new BuildError(
    'BUILD_BAD_CHANGE',
    `cannot change the configuration by ${JSON.stringify(change)}: ${reason}`,
    {
      facts: { change },
      hint: `Use ${Object.keys(INSTRUCTIONS).join(', ')}, as in a Dockerfile.`,
    },
  );
}

function readCommand(config: ImageConfig, text: string): readonly string[] | null {
  const list = readList(text);
  if (list !== undefined) return list.length === 0 ? null : list;
  if (text === '') return null;
  const shell = (config.Shell as readonly string[] | null | undefined) ?? ['/bin/sh', '-c'];
  return [...shell, text];
}

function variablesOf(config: ImageConfig): ReadonlyMap<string, string> {
  return new Map((config.Env ?? []).map((variable) => splitPair(variable)));
}

function splitPair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function words(config: ImageConfig, text: string): string[] {
  const variables = variablesOf(config);
  return splitWords(text).map((word) => expandWord(word, variables));
}

function single(config: ImageConfig, text: string): string {
  return expandWord(text, variablesOf(config));
}

/** `A=b C="d e"`, or `A all that follows`. All are expanded with what held before. */
function readPairs(config: ImageConfig, text: string): readonly (readonly [string, string])[] {
  const variables = variablesOf(config);
  const parts = splitWords(text);
  const [first = ''] = parts;
  if (!first.includes('=')) {
    const value = text.slice(first.length).trim();
    if (value === '') throw new RangeError(`'${first}' has no value`);
    return [[expandWord(first, variables), expandWord(value, variables)]];
  }
  return parts.map((part) => {
    if (!part.includes('=')) throw new RangeError(`'${part}' is not NAME=VALUE`);
    const [name, value] = splitPair(part);
    if (name === '') throw new RangeError(`'${part}' has no name`);
    return [expandWord(name, variables), expandWord(value, variables)];
  });
}

/** In the order that they had; new ones at the end. */
function withVariables(
  variables: readonly string[],
  pairs: readonly (readonly [string, string])[],
): readonly string[] {
  const all = new Map(variables.map(splitPair));
  for (const [name, value] of pairs) all.set(name, value);
  return [...all].map(([name, value]) => `${name}=${value}`);
}

function toSet(names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

const PORT_MAX = 65_535;

/** `80`, `80/udp`, `8000-8010/tcp` → one name a port. */
function readPorts(text: string): readonly string[] {
  const [, first, last = first, protocol = 'tcp'] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(text) ?? [];
  if (first === undefined || Number(last) > PORT_MAX || Number(first) > Number(last))
    throw new RangeError(`'${text}' is not PORT[-PORT][/PROTOCOL]`);
  const length = Number(last) - Number(first) + 1;
  return Array.from({ length }, (_, index) => `${Number(first) + index}/${protocol.toLowerCase()}`);
}

function readTrigger(text: string): string {
  const [name = ''] = text.split(/\s/, 1);
  if (/^(onbuild|from|maintainer)$/i.test(name))
    throw new RangeError(`${name.toUpperCase()} cannot stand in an ONBUILD`);
  return text;
}

function below(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
