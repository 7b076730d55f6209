/**
 * Records the log that the benchmark reads: parallel find and md5sum over this machine's files, with the
 * flags that keepset traces with, until there are 300 MB. Kept in .cache/ at the top of the repository.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';

const WANTED_BYTES = 300_000_000;
const CACHE = new URL('../../../.cache/strace-parser/', import.meta.url);

// Four at a time: on a machine with two processors more than half of all lines are then halves of calls.
const WORK = [
  'find /usr /etc /var/lib -xdev -size -32k -type f -printf "" 2>/dev/null &',
  'find /usr /etc -xdev -type f -size -32k -print0 2>/dev/null | xargs -0 -P 4 -n 24 md5sum >/dev/null 2>&1; wait',
].join('\n');
const FLAGS = '-f -y -s 4096 --seccomp-bpf -e trace=%file,%process,fchdir -A -o';

/** Path of the log; recorded now if it is not there yet. */
export async function benchmarkLog(): Promise<string> {
  const log = new URL('parallel-find-md5sum.log', CACHE).pathname;
  if (existsSync(log)) return log;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${log}.unfinished`;
  rmSync(unfinished, { force: true });
  while (sizeOf(unfinished) < WANTED_BYTES) await record(unfinished);
  renameSync(unfinished, log);
  return log;
}

/** Runs the work once, or until the log is large enough. */
async function record(log: string): Promise<void> {
  const run = spawn('strace', [...FLAGS.split(' '), log, 'sh', '-c', WORK], {
    // A process group of its own, so that all of it can be ended.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const watch = setInterval(() => {
    if (sizeOf(log) >= WANTED_BYTES && run.pid !== undefined) process.kill(-run.pid, 'SIGKILL');
  }, 500);
  try {
    const [code, signal] = await once(run, 'exit');
    if (code !== 0 && signal === null) throw new Error(`strace ended with status ${code}`);
  } finally {
    clearInterval(watch);
  }
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

if (import.meta.main) process.stdout.write(`${await benchmarkLog()}\n`);
