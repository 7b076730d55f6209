import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, constants as system, tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveEngineAddress } from '@keepset/docker-engine';
import { openRecorder } from '@keepset/recorder';
import { type Recording, writeRecording } from '@keepset/shrinker';
import type { RECORD } from '../../definitions/record.js';
import { engineOf } from '../../inputs/engine-of.js';
import { requireWritable } from '../../inputs/require-writable.js';
import { ownerHere } from '../../inputs/session-folder.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { recordingText } from '../../terminal/recording-text.js';
import { VERSION } from '../../version.js';

/** `keepset record`: COMMAND's streams and exit status are its own; what keepset says goes to standard error. */
export async function recordCommand(
  { options, operands }: CommandLineOf<typeof RECORD>,
  console: Console,
): Promise<number> {
  const { output: folder, filter: seccompFilter } = options;
  await requireNew(folder);
  const toolbox = toolboxOptions(options.toolbox, console);
  const address = resolveEngineAddress({ environment: console.environment, homeDirectory: homedir() });
  // A signal is for COMMAND: what it started is recorded to its end.
  await using engine = await engineOf({ ...console, signal: new AbortController().signal });
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const owner = ownerHere();
    await using recorder = await openRecorder(engine, {
      address,
      folder: scratch,
      owner,
      toolbox,
      seccompFilter,
    });
    const exitStatus = await runCommand(operands, recorder.address, console);
    const recorded = await recorder.finish();
    const recording = await writeRecording(folder, recorded, {
      version: VERSION,
      program: operands[0],
      exitStatus,
      scratch,
    });
    say(recording, folder, options, console);
    return exitStatus;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @throws UsageError */
async function requireNew(folder: string): Promise<void> {
  let names: readonly string[] = [];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new UsageError(`-o: cannot use ${folder} as a folder (${code})`);
  }
  requireWritable(folder, '-o');
  if (names.length > 0)
    throw new UsageError(`-o: ${folder} is not empty`, 'Name a new folder, or remove what is in it.');
}

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

/** @returns its exit status, as a shell counts */
async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  address: string,
  console: Console,
): Promise<number> {
  const others = Object.fromEntries(OTHER_ADDRESSES.map((name) => [name, undefined]));
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: { ...console.environment, ...others, DOCKER_HOST: address, CONTAINER_HOST: address },
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
    return status ?? SIGNALLED + (signal === null ? 0 : system.signals[signal]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.writeError(`keepset: ${program} cannot be run (${code})\n`);
    return code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE;
  } finally {
    console.signal.removeEventListener('abort', pass);
  }
}

function say(
  recording: Recording,
  folder: string,
  { quiet, json }: CommandLineOf<typeof RECORD>['options'],
  console: Console,
): void {
  if (json === true) console.writeError(`${JSON.stringify(recording)}\n`);
  else if (quiet !== true) console.writeError(recordingText(recording, folder));
}
