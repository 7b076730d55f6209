import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '@keepset/toolbox';
import { awaitsTracer } from './awaits-tracer.js';
import { crashLoopTracer, mayCrash, parseThreads, type ThreadState } from './crash-loop.js';
import { endSignal, pauseUntil } from './end-signal.js';

/** Each look starts a program or two in the container: a run of an hour has some seventy looks. */
const FIRST_LOOK_SECONDS = 2;
const LOOKS_APART_SECONDS_MAX = 60;
/** From one look to the one that is held against it: a child may just have ended. */
const BETWEEN_SECONDS = 0.5;
/** Of each thread in a look: half the time, one that crashes over and over is seen to run. */
const READINGS = 8;
/** Of one processor: one that crashes over and over takes a whole one, with its tracer; one that waits, nothing. */
const BUSY_SHARE_MIN = 0.3;

const THREADS = '/proc/1/task';

/** A traced run while it goes on. */
interface Watched {
  readonly container: Container;
  /** Whom the tracer runs as; undefined: whoever the program is. */
  readonly user: string | undefined;
  /** Aborted when the run has ended. */
  readonly signal: AbortSignal;
}

/**
 * End a traced run that its tracer keeps from ending: a process 1 that crashes over and over, or that waits for its tracer.
 * Goes on until the run has ended.
 *
 * @param user  whom the tracer runs as; undefined: whoever the program is
 * @returns     whether it waited for its tracer, and was killed
 */
export async function endStuck(
  container: Container,
  user: string | undefined,
  ended: Promise<number>,
): Promise<boolean> {
  const run: Watched = { container, user, signal: endSignal(ended) };
  let used = 0;
  for (
    let seconds = FIRST_LOOK_SECONDS;
    await pauseUntil(run.signal, seconds);
    seconds = nextPause(seconds)
  ) {
    try {
      const now = await container.processorNanoseconds();
      // An engine that does not count shows neither who is busy nor who is idle.
      const isBusy = now === undefined ? undefined : now - used >= BUSY_SHARE_MIN * seconds * 1e9;
      used = now ?? 0;
      if (isBusy !== false) await endCrash(run);
      if (isBusy !== true && (await endAwaited(run))) return true;
    } catch {
      // It has ended between two questions, or the engine does not let one look: then all is as it was.
    }
  }
  return false;
}

function nextPause(seconds: number): number {
  return Math.min(seconds * 2, LOOKS_APART_SECONDS_MAX);
}

/**
 * Let a process 1 die of a crash, which its tracer prevents: without the tracer it dies at once, by the same signal. Nothing
 * of the trace is lost, since strace writes line by line.
 */
async function endCrash(run: Watched): Promise<void> {
  const before = await readThreads(run);
  const start = performance.now();
  if (!before.some(mayCrash) || !(await pauseUntil(run.signal, BETWEEN_SECONDS))) return;
  const after = await readThreads(run);
  const tracer = crashLoopTracer(before, after, (performance.now() - start) / 1000);
  if (tracer !== undefined) await ask(run, killCommand(tracer));
}

/** Kill a run whose process 1 waits for its tracer to end: it would wait for ever. */
async function endAwaited(run: Watched): Promise<boolean> {
  const isAwaiting = async () => awaitsTracer(await readProcesses(run, ['/proc', THREADS]));
  if (!(await isAwaiting()) || !(await pauseUntil(run.signal, BETWEEN_SECONDS)) || !(await isAwaiting()))
    return false;
  await run.container.kill('KILL');
  return true;
}

async function readThreads(run: Watched): Promise<readonly ThreadState[]> {
  return parseThreads(await readProcesses(run, new Array(READINGS).fill(THREADS)));
}

/** What `head -v` prints of the states of processes or threads. @param folders  each with one folder of each */
async function readProcesses(run: Watched, folders: readonly string[]): Promise<string> {
  const command = toolCommand('find', [
    ...folders,
    ...['-mindepth', '2', '-maxdepth', '2'],
    ...['(', '-name', 'stat', '-o', '-name', 'status', '-o', '-name', 'syscall', ')'],
    ...['-exec', ...toolCommand('head', ['-v', '-n', '100']), '{}', '+'],
  ]);
  return (await ask(run, command)).toString('latin1');
}

/** The toolbox has no kill; but strace can make any call of a process its last. */
function killCommand(pid: number): string[] {
  return toolCommand('strace', [
    ...['-qq', '-o', '/dev/null', '-p', String(pid)],
    ...['-e', 'trace=wait4', '-e', 'inject=wait4:signal=KILL'],
  ]);
}

/** However the program ends: what it looks at may have ended meanwhile. */
async function ask({ container, user }: Watched, command: readonly string[]): Promise<Buffer> {
  return await runProgram(container, { command, ...(user !== undefined && { user }) }, ANY_STATUS);
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);
