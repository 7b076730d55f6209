import { PassThrough, type Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { type Engine, type OutputChunk, readMultiplexedOutput } from '@keepset/docker-engine';
import { isObject } from '../api/asked-container.js';
import type { AskedExec } from '../api/traced-exec.js';
import type { Upstream } from '../proxy/upstream.js';
import { followEvents } from './follow-events.js';
import { getJson } from './get-json.js';
import type { ContainerEvent } from './read-events.js';
import { type OutputSpool, spoolOutput } from './spool-output.js';
import type { WatchedContainer } from './watched-container.js';

/** The containers that clients made, and what becomes of them. Disposing of it ends the watch. */
export interface ContainerWatch extends AsyncDisposable {
  /** In the order of their creation. */
  all(): readonly WatchedContainer[];
  add(container: NewContainer): WatchedContainer;
  byId(id: string): WatchedContainer | undefined;
  /** By id, the start of one, or name. Undefined: it is none of these containers. */
  find(reference: string): Promise<WatchedContainer | undefined>;
  /** Read the output of a container that is about to be started; awaited before the start. */
  readOutput(container: WatchedContainer): Promise<void>;
  /** A further program was made in it. @param execId  the engine's */
  addExec(container: WatchedContainer, execId: string, asked: AskedExec): void;
  /** Takes what a client is sent of a further program. Undefined: the program is in none of these containers. */
  readExec(execId: string): Writable | undefined;
  /** Wait until all that has happened is known. */
  settle(): Promise<void>;
}

/** What is known of a container when it was created. */
type NewContainer = Pick<WatchedContainer, 'id' | 'name' | 'image' | 'client' | 'asked'>;

/** How long the engine may take to say what it has done. */
const SETTLE_MS_MAX = 5000;
const SETTLE_STEP_MS = 20;

/**
 * Watch what happens to containers, by the engine's events: they alone tell how one ended that the engine removed at
 * once.
 *
 * @param folder  takes what containers print
 */
export async function watchContainers(
  engine: Engine,
  upstream: Upstream,
  folder: string,
): Promise<ContainerWatch> {
  const containers = new Map<string, WatchedContainer>();
  const events = await followEvents(upstream, {
    onEvent(event) {
      const container = containers.get(event.containerId);
      if (container !== undefined) take(container, event);
    },
    async onGap() {
      for (const container of containers.values()) await catchUp(upstream, container);
    },
  });
  const resolveId = async (reference: string): Promise<string | undefined> => {
    if (containers.has(reference)) return reference;
    return await idOf(upstream, reference);
  };
  return {
    all: () => [...containers.values()],
    byId: (id) => containers.get(id),

    add(container) {
      const number = containers.size + 1;
      const watched: WatchedContainer = {
        ...container,
        number,
        output: spoolOutput(folder, `container-${number}`),
        execs: new Map(),
        tracedTexts: new Map(),
        reading: [],
        execReading: [],
        attaches: 0,
        starts: 0,
        isRunning: false,
        isRemoved: false,
        exitStatus: undefined,
        startedSeconds: 0,
        seconds: 0,
      };
      containers.set(container.id, watched);
      return watched;
    },

    async find(reference) {
      const id = await resolveId(reference);
      return id === undefined ? undefined : containers.get(id);
    },

    async readOutput(container) {
      if (container.isRunning) return;
      const { Tty: tty = false } = container.asked.body;
      container.output.goOn();
      container.attaches++;
      const { output } = await engine.othersContainer(container.id).attach({ stdin: false, tty });
      container.reading.push(write(output, container.output));
    },

    addExec(container, execId, asked) {
      const output = spoolOutput(folder, `container-${container.number}-exec-${container.execs.size + 1}`);
      container.execs.set(execId, { asked, output, exitStatus: undefined });
    },

    readExec(execId) {
      const container = [...containers.values()].find(({ execs }) => execs.has(execId));
      const exec = container?.execs.get(execId);
      if (container === undefined || exec === undefined) return undefined;
      const copied = new PassThrough();
      const output = exec.asked.Tty === true ? asStdout(copied) : readMultiplexedOutput(copied);
      container.execReading.push(write(output, exec.output));
      return copied;
    },

    async settle() {
      const untilMs = performance.now() + SETTLE_MS_MAX;
      for (const container of containers.values())
        while (performance.now() < untilMs && (await isBehind(engine, container)))
          await setTimeout(SETTLE_STEP_MS);
      for (const container of containers.values())
        if (container.isRunning) await catchUp(upstream, container);
      for (const container of containers.values())
        if (!container.isRunning) await Promise.race([Promise.all(container.reading), pause(untilMs)]);
      for (const { execReading } of containers.values())
        await Promise.race([Promise.all(execReading), pause(untilMs)]);
    },

    async [Symbol.asyncDispose]() {
      await events[Symbol.asyncDispose]();
    },
  };
}

/** What cannot be read is not recorded. */
async function write(output: AsyncIterable<OutputChunk>, spool: OutputSpool): Promise<void> {
  try {
    for await (const chunk of output) await spool.write(chunk);
  } catch {
    // The client has what it was sent.
  }
}

/** A terminal has one stream. */
async function* asStdout(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const bytes of chunks) yield { stream: 'stdout', bytes };
}

function take(container: WatchedContainer, { action, execId, exitStatus, seconds }: ContainerEvent): void {
  if (action === 'start') {
    container.starts++;
    container.isRunning = true;
    container.startedSeconds = seconds;
  } else if (action === 'die') {
    container.isRunning = false;
    container.exitStatus = exitStatus;
    container.seconds += Math.max(0, seconds - container.startedSeconds);
  } else if (action === 'destroy') {
    container.isRunning = false;
    container.isRemoved = true;
  } else if (action === 'exec_die') {
    const exec = container.execs.get(execId ?? '');
    if (exec !== undefined) exec.exitStatus = exitStatus;
  }
}

/** Whether the engine has done something to it of which its event has not come. */
async function isBehind(engine: Engine, container: WatchedContainer): Promise<boolean> {
  if (container.isRemoved) return false;
  try {
    const { isRunning } = await engine.othersContainer(container.id).state();
    return isRunning !== container.isRunning;
  } catch {
    // It is not there any more, or the engine is not: the first is about to be told.
    return true;
  }
}

/** What is to be seen now of what no event told. */
async function catchUp(upstream: Upstream, container: WatchedContainer): Promise<void> {
  if (container.isRemoved) return;
  const now = await getJson(upstream, `/containers/${container.id}/json`);
  const { State } = isObject(now) ? now : {};
  const base = { containerId: container.id, execId: undefined, exitStatus: undefined };
  if (!isObject(State)) return take(container, { ...base, action: 'destroy', seconds: 0 });
  const seconds = (name: string) => Date.parse(String(State[name])) / 1000 || 0;
  if (State.Running === true && !container.isRunning)
    take(container, { ...base, action: 'start', seconds: seconds('StartedAt') });
  if (State.Running === false && container.isRunning)
    take(container, {
      ...base,
      action: 'die',
      exitStatus: Number(State.ExitCode),
      seconds: seconds('FinishedAt'),
    });
}

async function pause(untilMs: number): Promise<void> {
  await setTimeout(Math.max(0, untilMs - performance.now()), undefined, { ref: false });
}

/** The id of a container that a client calls by a name or by the start of its id. */
async function idOf(upstream: Upstream, reference: string): Promise<string | undefined> {
  const answer = await getJson(upstream, `/containers/${encodeURIComponent(reference)}/json`);
  return isObject(answer) && typeof answer.Id === 'string' ? answer.Id : undefined;
}
