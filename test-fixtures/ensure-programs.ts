// Programs of Debian's that judge what keepset makes: installed where they are missing and that can be done.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * @param programs  each in a package of its own name, known by its answer to --version
 * @throws Error  says what to install
 */
export async function ensurePrograms(...programs: readonly string[]): Promise<void> {
  const found = await Promise.all(programs.map(hasProgram));
  const missing = programs.filter((_, index) => !found[index]);
  if (missing.length === 0) return;
  try {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (cause) {
    throw new Error(`tests need ${missing.join(' and ')}: apt-get install ${missing.join(' ')} as root`, {
      cause,
    });
  }
}

async function hasProgram(program: string): Promise<boolean> {
  return await run(program, ['--version']).then(
    () => true,
    () => false,
  );
}
