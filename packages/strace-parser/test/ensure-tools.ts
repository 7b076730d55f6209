import { spawnSync } from 'node:child_process';

/** Packages of Debian and its kin, by the program that is wanted. */
const PACKAGES: Readonly<Record<string, string>> = { strace: 'strace', gcc: 'gcc libc6-dev' };

/** Installs strace and a compiler if they are missing. The corpus is not optional: without them this throws. */
export function ensureTools(): void {
  const missing = Object.keys(PACKAGES).filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  if (missing.length === 0) return;
  const packages = missing.flatMap((tool) => PACKAGES[tool]?.split(' ') ?? []);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const run = spawnSync('apt-get', args, { encoding: 'utf8', env: environment });
    if (run.status !== 0) {
      throw new Error(
        `the tests record logs with ${missing.join(' and ')}, which could not be installed; ` +
          `install ${packages.join(', ')} and try again\n${run.error ?? run.stderr}`,
      );
    }
  }
}
