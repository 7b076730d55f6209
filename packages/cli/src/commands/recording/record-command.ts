import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecorder } from '@keepset/recorder';
import { type Recording, readComparedFiles, writeRecording } from '@keepset/shrinker';
import type { RECORD } from '../../definitions/record.js';
import { engineOf } from '../../inputs/engine-of.js';
import { parseSize } from '../../inputs/parse-size.js';
import { requireWritable } from '../../inputs/require-writable.js';
import { ownerHere } from '../../inputs/session-folder.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { recordingText } from '../../terminal/recording-text.js';
import { VERSION } from '../../version.js';
import { proveCommand } from './prove-command.js';
import { runCommand } from './run-command.js';
import { socketAddress } from './socket-address.js';

/** Hours of most programs: what is longer would fill a disk. */
const TRACES_BYTES_MAX = 20e9;

/** `keepset record`: COMMAND's streams and exit status are its own; what keepset says goes to standard error. */
export async function recordCommand(
  { options, operands }: CommandLineOf<typeof RECORD>,
  console: Console,
): Promise<number> {
  const {
    output: folder,
    filter: seccompFilter,
    prove,
    repair,
    compare,
    samples,
    'traces-max': tracesMax,
    ...shown
  } = options;
  if (prove !== undefined) {
    if (folder !== undefined) throw new UsageError('-o is for a recording, and --prove runs one again');
    if (compare.length > 0)
      throw new UsageError(
        '--compare is for a recording: a proof compares what was named then',
        'Leave it out, or record again with it.',
      );
    if (tracesMax !== undefined)
      throw new UsageError('--traces-max is for a recording: a proof traces nothing');
    return await proveCommand({ folder: prove, samples, repair, command: operands, shown }, console);
  }
  if (folder === undefined)
    throw new UsageError(
      'no folder given',
      'Record to a new folder: -o DIR; or prove what was: --prove DIR.',
    );
  if (samples !== undefined) throw new UsageError('--samples is for --prove DIR');
  if (repair === true) throw new UsageError('--repair is for --prove DIR');
  const tracesBytesMax = tracesMax === undefined ? TRACES_BYTES_MAX : parseSize('traces-max', tracesMax);
  await requireNew(folder);
  const toolbox = toolboxOptions(options.toolbox, console);
  const address = socketAddress(console);
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
      tracesBytesMax,
    });
    const exitStatus = await runCommand(operands, recorder.address, console);
    const recorded = await recorder.finish();
    const files = await readComparedFiles(console.workingDirectory, compare);
    const recording = await writeRecording(folder, recorded, {
      version: VERSION,
      program: operands[0],
      exitStatus,
      ...(compare.length > 0 && { compared: { paths: compare, files } }),
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

function say(
  recording: Recording,
  folder: string,
  { quiet, json }: CommandLineOf<typeof RECORD>['options'],
  console: Console,
): void {
  if (json === true) console.writeError(`${JSON.stringify(recording)}\n`);
  else if (quiet !== true) console.writeError(recordingText(recording, folder));
}
