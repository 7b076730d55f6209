import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { openRerun, type RerunContainer } from '@keepset/recorder';
import {
  compareFiles,
  PROOF_VERSION,
  type ProvedContainer,
  proveRecording,
  type RecordingProof,
  readComparedFiles,
  readRecording,
  readSmallImages,
  ShrinkError,
  type SmallImage,
  toImageUses,
  writeImageUses,
  writeProof,
} from '@keepset/shrinker';
import { engineOf } from '../../inputs/engine-of.js';
import { ownerHere } from '../../inputs/session-folder.js';
import type { Console } from '../../terminal/console.js';
import { proofText } from '../../terminal/proof-text.js';
import { VERSION } from '../../version.js';
import { type CommandPurpose, runCommand } from './run-command.js';
import { socketAddress } from './socket-address.js';

/** What of the command line a proof needs. */
export interface ProveLine {
  /** Of the recording. */
  readonly folder: string;
  readonly samples: number | undefined;
  readonly command: readonly [string, ...string[]];
  readonly shown: { readonly quiet: boolean | undefined; readonly json: boolean | undefined };
}

const DIFFERS = 3;

/** `keepset record --prove DIR`: COMMAND on the small images, each container held against the recording. */
export async function proveCommand(
  { folder, samples: samplesMax = 0, command, shown }: ProveLine,
  console: Console,
): Promise<number> {
  const [recording, images] = [await readRecording(folder), await readSmallImages(folder)];
  const address = socketAddress(console);
  await using engine = await engineOf({ ...console, signal: new AbortController().signal });
  const substitutes = await findSubstitutes(engine, images);
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  let folders = 0;
  const newFolder = async () => {
    const own = join(scratch, `${++folders}`);
    await mkdir(own);
    return own;
  };
  const run = async (
    purpose: CommandPurpose,
    small: ReadonlyMap<string, string>,
  ): Promise<{ readonly exitStatus: number; readonly containers: readonly RerunContainer[] }> => {
    const own = { address, folder: await newFolder(), owner: ownerHere(), substitutes: small };
    await using rerun = await openRerun(engine, own);
    const exitStatus = await runCommand(command, rerun.address, console, purpose);
    return { exitStatus, containers: await rerun.finish() };
  };
  try {
    const { exitStatus, containers: now } = await run('the run', substitutes);
    const { paths = [], files = [] } = recording.compared ?? {};
    const left = await readComparedFiles(console.workingDirectory, paths);
    const samples: (readonly RerunContainer[])[] = [];
    const prove = async () =>
      await proveRecording({ folder, recording, now, samples, scratch: await newFolder() });
    let containers = await prove();
    while (samples.length < samplesMax && containers.some(({ verdict }) => verdict === 'differs')) {
      if (console.signal.aborted) break;
      const sample = await run('a further run', new Map());
      if (sample.exitStatus !== recording.exitStatus) {
        console.writeError(
          `keepset: a further run on the sources ended with ${sample.exitStatus}: it is no sample\n`,
        );
        break;
      }
      samples.push(sample.containers);
      containers = await prove();
    }
    const differences = compareFiles(files, left);
    const proof: RecordingProof = {
      proofVersion: PROOF_VERSION,
      tool: { name: 'keepset', version: VERSION },
      holds:
        exitStatus === recording.exitStatus &&
        differences.length === 0 &&
        containers.every(isFine) &&
        // Of nothing there is no proof.
        containers.some(({ isSmall, verdict }) => isSmall && verdict === 'same'),
      exitStatus: { recorded: recording.exitStatus, now: exitStatus },
      samples: samples.length + 1,
      containers,
      files: differences,
      comparedFiles: files.length,
    };
    await writeProof(folder, proof);
    const uses = proof.holds ? toImageUses(recording, images) : new Map<string, string>();
    await writeImageUses(folder, uses);
    if (shown.json === true) console.writeError(`${JSON.stringify(proof)}\n`);
    else if (shown.quiet !== true)
      console.writeError(proofText(proof, { folder, samplesMax, uses: [...uses.keys()] }));
    if (exitStatus !== 0) return exitStatus;
    return proof.holds ? 0 : DIFFERS;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function isFine({ verdict }: ProvedContainer): boolean {
  return verdict === 'same' || verdict === 'not recorded';
}

/** @throws ShrinkError RESULT_GONE */
async function findSubstitutes(
  engine: Engine,
  images: readonly SmallImage[],
): Promise<ReadonlyMap<string, string>> {
  const substitutes = new Map<string, string>();
  for (const each of images) {
    if (!('result' in each)) continue;
    const { id, tags } = each.result;
    if ((await engine.inspectImage(id)) === undefined)
      throw new ShrinkError('RECORDING_INVALID', `the engine has the small image ${tags[0] ?? id} no more`, {
        hint: 'Make the small images again: keepset shrink --recorded DIR',
      });
    substitutes.set(each.source.id, id);
  }
  return substitutes;
}
