import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '@keepset/toolbox';
import { awaitsTracer } from './awaits-tracer.js';
import { endSignal, pauseUntil } from './end-signal.js';

const FIRST_LOOK_SECONDS = 2;
const LOOKS_APART_SECONDS_MAX = 60;
/** From one look to the one that is held against it: a child may just have ended. */
const BETWEEN_SECONDS = 0.5;
/** Of one processor: who waits uses nothing, but what it did before counts in the first look. */
const BUSY_SHARE_MIN = 0.3;

/**
 * End a run whose process 1 waits for its tracer to end: it would wait for ever. Goes on until the run has ended.
 *
 * @param user  whom the tracer runs as; undefined: whoever the program is
 * @returns     whether it was so
 */
export async function endAwaited(
  container: Container,
  user: string | undefined,
  ended: Promise<number>,
): Promise<boolean> {
  const signal = endSignal(ended);
  let used = 0;
  let seconds = FIRST_LOOK_SECONDS;
  for (; await pauseUntil(signal, seconds); seconds = Math.min(seconds * 2, LOOKS_APART_SECONDS_MAX)) {
    try {
      const now = (await container.processorNanoseconds()) ?? used;
      const isBusy = now - used >= BUSY_SHARE_MIN * seconds * 1e9;
      used = now;
      if (isBusy || !awaitsTracer(await look(container, user))) continue;
      if (!(await pauseUntil(signal, BETWEEN_SECONDS))) return false;
      if (!awaitsTracer(await look(container, user))) continue;
      await container.kill('KILL');
      return true;
    } catch {
      // It has ended between two questions, or the engine does not let one look: then all is as it was.
    }
  }
  return false;
}

async function look(container: Container, user: string | undefined): Promise<string> {
  const command = toolCommand('find', [
    ...['/proc', '/proc/1/task', '-mindepth', '2', '-maxdepth', '2'],
    ...['(', '-name', 'stat', '-o', '-name', 'status', '-o', '-name', 'syscall', ')'],
    ...['-exec', ...toolCommand('head', ['-v', '-n', '100']), '{}', '+'],
  ]);
  // A process may end while it is looked at.
  const output = await runProgram(container, { command, ...(user !== undefined && { user }) }, ANY_STATUS);
  return output.toString('latin1');
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);
