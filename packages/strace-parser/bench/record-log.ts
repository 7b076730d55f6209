/**
 * Records the log that the benchmark reads: parallel find and md5sum over this machine's files, with the
 * flags that keepset traces with, until there are 300 MB. Kept in .cache/ at the top of the repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';

const WANTED_BYTES = 300_000_000;
const CACHE = new URL('../../../.cache/strace-parser/', import.meta.url);

/** Path of the log; recorded now if it is not there yet. */
export function benchmarkLog(): string {
  const log = new URL('parallel-find-md5sum.log', CACHE).pathname;
  if (existsSync(log)) return log;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${log}.unfinished`;
  rmSync(unfinished, { force: true });
  // Eight at a time, as a parallel build would be: most calls are then interrupted by another process's.
  const work = [
    'find /usr /etc /var/lib -xdev -size -32k -type f -printf "" &',
    'find /usr /etc -xdev -type f -size -32k -print0 2>/dev/null |',
    'xargs -0 -P 8 -n 24 md5sum >/dev/null 2>&1; wait',
  ].join('\n');
  while (!existsSync(unfinished) || statSync(unfinished).size < WANTED_BYTES) {
    const run = spawnSync(
      'strace',
      [
        '-f',
        '-y',
        '-s',
        '4096',
        '--seccomp-bpf',
        '-e',
        'trace=%file,%process,fchdir',
        '-A',
        '-o',
        unfinished,
      ].concat(['sh', '-c', work]),
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (run.error !== undefined) throw run.error;
  }
  renameSync(unfinished, log);
  return log;
}

if (import.meta.main) process.stdout.write(`${benchmarkLog()}\n`);
