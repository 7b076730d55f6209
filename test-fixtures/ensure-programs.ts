// Programs of Debian's that tests need or are judged by: installed where they are missing and that can be done.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param programs  each in a package of its own name, known by its answer to --version
 * @throws Error  says what to install
 */
export async function ensurePrograms(...programs: readonly string[]): Promise<void> {
  const found = await Promise.all(programs.map(hasProgram));
  await install(programs.filter((_, index) => !found[index]));
}

/**
 * A program that needs packages besides its own, or one of another name.
 *
 * @param program  known by its answer to --version; given by its path, by being there
 * @throws Error  says what to install
 */
export async function ensurePackages(program: string, ...packages: readonly string[]): Promise<void> {
  if (!(await hasProgram(program))) await install(packages);
}

async function install(packages: readonly string[]): Promise<void> {
  if (packages.length === 0) return;
  try {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (cause) {
    throw new Error(`tests need ${packages.join(' and ')}: apt-get install ${packages.join(' ')} as root`, {
      cause,
    });
  }
}

async function hasProgram(program: string): Promise<boolean> {
  if (program.startsWith('/')) return existsSync(program);
  return await run(program, ['--version']).then(
    () => true,
    () => false,
  );
}
