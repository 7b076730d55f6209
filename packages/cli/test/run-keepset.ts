import { execFile } from 'node:child_process';

/** The built command. */
export const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** What a run of the built command said, and how it ended. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The built command, as a user runs it in a folder.
 *
 * @param node  which runs it
 */
export async function runKeepset(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  node: string = process.execPath,
): Promise<Outcome> {
  const options = { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: OUTPUT_BYTES_MAX };
  return await new Promise((resolve) => {
    execFile(node, [PROGRAM, ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
