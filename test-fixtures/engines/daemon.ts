// A daemon of a test's own, in namespaces of its own: whatever it started and mounted goes with it.
import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { connectEngine, resolveEngineAddress } from '@keepset/docker-engine';

const START_MS_MAX = 60_000;

/** Away from the machine's network: a second dockerd without a bridge would remove the bridge of the first. */
const APART = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];

export interface DaemonRequest {
  /** For bash, which is to become the daemon in the end. */
  readonly script: string;
  /** $1, $2, … of the script. */
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** File for what it says. */
  readonly log: string;
  /** DOCKER_HOST and its like, by which it is reached. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * @returns what ends it at once
 * @throws Error  it ends by itself, or does not answer in a minute
 */
export async function startDaemon(request: DaemonRequest): Promise<() => Promise<void>> {
  const { script, args, variables, log, environment } = request;
  const output = openSync(log, 'a');
  const child = spawn('unshare', [...APART, 'bash', '-ec', script, 'bash', ...args], {
    stdio: ['ignore', output, output],
    env: { ...process.env, ...variables },
  });
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const end = async () => {
    const { pid } = child;
    if (pid === undefined) return;
    // The first process of its namespace takes all others along. One that became another user outlives its parent.
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    for (const first of children.split(' ').filter(Boolean)) process.kill(Number(first), 'SIGKILL');
    if (child.kill('SIGKILL')) await closed;
  };
  for (const deadline = Date.now() + START_MS_MAX; Date.now() < deadline; await delay(100)) {
    if (failure !== undefined || child.exitCode !== null) break;
    const address = resolveEngineAddress({ environment, homeDirectory: '/' });
    const engine = await connectEngine({ address }).catch(() => undefined);
    if (engine !== undefined) return end;
  }
  await end();
  const last = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-3).join('; ');
  throw new Error(`tests need an engine of their own, as root: ${failure?.message ?? last}`);
}
