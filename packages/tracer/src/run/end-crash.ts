import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '@keepset/toolbox';
import { crashLoopTracer, mayCrash, parseThreads, type ThreadState } from './crash-loop.js';
import { endSignal, pauseUntil } from './end-signal.js';

/** Each look starts two programs in the container: a run of an hour has some seventy. */
const FIRST_LOOK_SECONDS = 2;
const LOOKS_APART_SECONDS_MAX = 60;
/** From one look to the one that is held against it. */
const BETWEEN_SECONDS = 0.5;
/** Of each thread in a look: half the time, one that crashes over and over is seen to run. */
const READINGS = 8;
/** Of one processor: one that crashes over and over takes a whole one, with its tracer. */
const BUSY_SHARE_MIN = 0.3;

/**
 * Let a traced process 1 die of a crash, which its tracer prevents: without the tracer it dies at once, by the same
 * signal. Nothing of the trace is lost, since strace writes line by line. Goes on until the run has ended.
 *
 * @param user  whom the tracer runs as; undefined: whoever the program is
 */
export async function endCrash(
  container: Container,
  user: string | undefined,
  ended: Promise<number>,
): Promise<void> {
  const signal = endSignal(ended);
  const as = user === undefined ? {} : { user };
  let used = 0;
  for (let seconds = FIRST_LOOK_SECONDS; await pauseUntil(signal, seconds); seconds = nextPause(seconds)) {
    try {
      const now = await container.processorNanoseconds();
      // An engine that does not count does not show who is idle.
      const isBusy = now === undefined || now - used >= BUSY_SHARE_MIN * seconds * 1e9;
      used = now ?? 0;
      if (!isBusy) continue;
      const before = await readThreads(container, as);
      const start = performance.now();
      if (!before.some(mayCrash)) continue;
      if (!(await pauseUntil(signal, BETWEEN_SECONDS))) return;
      const after = await readThreads(container, as);
      const tracer = crashLoopTracer(before, after, (performance.now() - start) / 1000);
      if (tracer !== undefined)
        await runProgram(container, { command: killCommand(tracer), ...as }, ANY_STATUS);
    } catch {
      // It has ended between two questions, or the engine does not let one look: then all is as it was.
    }
  }
}

function nextPause(seconds: number): number {
  return Math.min(seconds * 2, LOOKS_APART_SECONDS_MAX);
}

async function readThreads(
  container: Container,
  as: { readonly user?: string },
): Promise<readonly ThreadState[]> {
  const folder = '/proc/1/task';
  const command = toolCommand('find', [
    ...new Array(READINGS).fill(folder),
    ...['-mindepth', '2', '-maxdepth', '2'],
    ...['(', '-name', 'stat', '-o', '-name', 'status', '-o', '-name', 'syscall', ')'],
    ...['-exec', ...toolCommand('head', ['-v', '-n', '100']), '{}', '+'],
  ]);
  // A thread may end while it is looked at.
  return parseThreads((await runProgram(container, { command, ...as }, ANY_STATUS)).toString('latin1'));
}

/** The toolbox has no kill; but strace can make any call of a process its last. */
function killCommand(pid: number): string[] {
  return toolCommand('strace', [
    ...['-qq', '-o', '/dev/null', '-p', String(pid)],
    ...['-e', 'trace=wait4', '-e', 'inject=wait4:signal=KILL'],
  ]);
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);
