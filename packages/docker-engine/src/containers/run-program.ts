import { EngineError } from '../engine-error.js';
import type { Container, ExecOptions } from './container.js';

/** How much of a failed program's complaint an error carries. */
const COMPLAINT_BYTES_MAX = 2000;

/**
 * Run a program in a running container and stream its standard output.
 *
 * @param accept  exit statuses that are no failure
 * @throws EngineError EXEC_FAILED  once the output has ended, on any other status; with the program's complaint
 * @example
 * let sizeBytes = 0;
 * const command = ['cat', '/etc/debian_version'];
 * for await (const bytes of streamProgram(container, { command })) sizeBytes += bytes.length;
 * sizeBytes > 0 // true
 */
export async function* streamProgram(
  container: Pick<Container, 'exec'>,
  options: ExecOptions,
  accept: readonly number[] = [0],
): AsyncGenerator<Uint8Array> {
  const process = await container.exec(options);
  let complaint = '';
  for await (const { stream, bytes } of process.output) {
    if (stream === 'stdout') yield bytes;
    else if (complaint.length < COMPLAINT_BYTES_MAX) complaint += Buffer.from(bytes).toString('utf8');
  }
  const status = await process.exitStatus();
  if (!accept.includes(status)) {
    throw new EngineError(
      /no space left on device/i.test(complaint) ? 'NO_SPACE' : 'EXEC_FAILED',
      `a program of keepset's failed in the container (exit status ${status}): ${complaint.trim().split('\n').slice(0, 3).join('; ')}`,
    );
  }
}

/**
 * Run a program in a running container and gather its standard output, which must be small.
 *
 * @param accept  exit statuses that are no failure
 * @throws EngineError EXEC_FAILED  on any other status; with the program's complaint
 * @example (await runProgram(container, { command: ['id', '-u'], user: '1000' })).toString() // '1000\n'
 */
export async function runProgram(
  container: Pick<Container, 'exec'>,
  options: ExecOptions,
  accept?: readonly number[],
): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(streamProgram(container, options, accept)));
}
