import type { Readable } from 'node:stream';
import { isObject } from '../api/asked-container.js';

/** What the engine says of a container while a command goes on. @see Docker Engine API, "Monitor events" */
export interface ContainerEvent {
  readonly action: 'start' | 'die' | 'destroy' | 'exec_die' | 'rename';
  readonly containerId: string;
  readonly execId: string | undefined;
  readonly exitStatus: number | undefined;
  /** Since the epoch. */
  readonly seconds: number;
}

/** By the names that engines have for them: Podman's are its own. */
const ACTIONS: ReadonlyMap<string, ContainerEvent['action']> = new Map([
  ['start', 'start'],
  ['die', 'die'],
  ['destroy', 'destroy'],
  ['remove', 'destroy'],
  ['exec_die', 'exec_die'],
  ['rename', 'rename'],
]);

/** @param text  one JSON object, as the engine sends one a line; undefined for what is none of these events */
export function parseContainerEvent(text: string): ContainerEvent | undefined {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(event) || event.Type !== 'container' || !isObject(event.Actor)) return undefined;
  const { ID, Attributes } = event.Actor;
  const action = ACTIONS.get(String(event.Action).split(':')[0] ?? '');
  if (typeof ID !== 'string' || action === undefined) return undefined;
  const attributes = isObject(Attributes) ? Attributes : {};
  const exitStatus = Number(attributes.exitCode ?? attributes.containerExitCode ?? Number.NaN);
  return {
    action,
    containerId: ID,
    execId: typeof attributes.execID === 'string' ? attributes.execID : undefined,
    exitStatus: Number.isInteger(exitStatus) ? exitStatus : undefined,
    seconds: typeof event.timeNano === 'number' ? event.timeNano / 1e9 : Number(event.time) || 0,
  };
}

/** Longer than any event: one that is longer is not an engine's. */
const LINE_CHARACTERS_MAX = 16 * 1024 * 1024;

/** @throws Error  the stream fails */
export async function* readLines(
  stream: Readable,
  encoding: 'utf8' | 'latin1' = 'utf8',
): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of stream.setEncoding(encoding)) {
    rest += piece;
    if (rest.length > LINE_CHARACTERS_MAX) throw new Error('a line is too long');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
