import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants as system } from 'node:os';
import type { Console } from '../../terminal/console.js';

/** What leads clients to an engine, beside what is set. @see docker(1), podman-remote(1) */
const OTHER_ADDRESSES = [
  'DOCKER_CONTEXT',
  'DOCKER_TLS_VERIFY',
  'DOCKER_TLS',
  'DOCKER_CERT_PATH',
  'CONTAINER_CONNECTION',
];
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALLED = 128;

/** A further run is one for a sample: nobody reads what it prints, and nobody writes what it reads. */
export type CommandPurpose = 'the run' | 'a further run';

/** The caller's variables, for a client of the proxy. */
export function clientEnvironment(
  { environment }: Pick<Console, 'environment'>,
  address: string,
): NodeJS.ProcessEnv {
  const others = Object.fromEntries(OTHER_ADDRESSES.map((name) => [name, undefined]));
  return { ...environment, ...others, DOCKER_HOST: address, CONTAINER_HOST: address };
}

/**
 * Run COMMAND with the address of a proxy in DOCKER_HOST and CONTAINER_HOST.
 *
 * @returns its exit status, as a shell counts
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  address: string,
  console: Console,
  purpose: CommandPurpose = 'the run',
): Promise<number> {
  const toStatus = (signal: NodeJS.Signals) => SIGNALLED + system.signals[signal];
  // A signal that came before there was a COMMAND is the end of it.
  if (console.signal.aborted) return toStatus(console.signal.reason as NodeJS.Signals);
  const child = spawn(program, args, {
    stdio: purpose === 'the run' ? 'inherit' : 'ignore',
    env: clientEnvironment(console, address),
  });
  const pass = () => {
    const { reason } = console.signal;
    // A terminal has told it already.
    const isTold = reason === 'SIGINT' && (console.errorIsTty || console.outIsTty);
    if (!isTold) child.kill(reason as NodeJS.Signals);
  };
  console.signal.addEventListener('abort', pass, { once: true });
  try {
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return status ?? toStatus(signal as NodeJS.Signals);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.writeError(`keepset: ${program} cannot be run (${code})\n`);
    return code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  } finally {
    console.signal.removeEventListener('abort', pass);
  }
}
