import { execFile } from 'node:child_process';
import type { Console } from '../../terminal/console.js';
import { VERSION } from '../../version.js';

/** This version of this program, as an image. */
export const OWN_IMAGE = `ghcr.io/keepset/keepset:${VERSION}`;

/** This program, as it was started: its arguments follow. */
export function ownProgram(): readonly [string, ...string[]] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}

/** Run a command of this program; what it says, and whether it worked, is nobody's concern. */
export async function runProgram(
  words: readonly string[],
  { environment, workingDirectory }: Pick<Console, 'environment' | 'workingDirectory'>,
): Promise<void> {
  const [program, ...first] = ownProgram();
  await new Promise<void>((resolve) => {
    execFile(program, [...first, ...words], { cwd: workingDirectory, env: environment }, () => resolve());
  });
}
