import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import {
  readRecording,
  readSmallImages,
  ShrinkError,
  type SmallImage,
  toImageUses,
  writeImageUses,
  writeProof,
} from '@keepset/shrinker';
import { engineOf } from '../../inputs/engine-of.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { proofText } from '../../terminal/proof-text.js';
import { type Client, openProver } from './open-prover.js';
import { repairImages } from './repair-images.js';
import { runCommand } from './run-command.js';
import { socketAddress } from './socket-address.js';

/** What of the command line a proof needs. */
export interface ProveLine {
  /** Of the recording. */
  readonly folder: string;
  readonly samples: number | undefined;
  /** Whether small images that lack something get it. */
  readonly repair: boolean | undefined;
  readonly command: readonly [string, ...string[]];
  readonly shown: {
    readonly quiet: boolean | undefined;
    readonly json: boolean | undefined;
    readonly toolbox: string;
  };
}

const DIFFERS = 3;

/** `keepset record --prove DIR`: COMMAND on the small images, each container held against the recording. */
export async function proveCommand(
  { folder, samples: samplesMax = 0, repair, command, shown }: ProveLine,
  console: Console,
): Promise<number> {
  const [recording, small] = [await readRecording(folder), await readSmallImages(folder)];
  const address = socketAddress(console);
  await using engine = await engineOf({ ...console, signal: new AbortController().signal });
  const substitutes = await findSubstitutes(engine, small.images);
  if (repair === true) await requireOwnNames(engine, small.images);
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const { toolbox } = shown;
    const client: Client = async (proxy, purpose) => ({
      exitStatus: await runCommand(command, proxy, console, purpose),
    });
    const own = { engine, address, folder, recording, client, samplesMax, toolbox, scratch };
    const prover = openProver(own, console);
    const first = await prover.prove(substitutes);
    const start = { folder, recording, small, proof: first, substitutes, toolbox, scratch };
    const { proof, images, refusal } =
      repair === true && !first.holds
        ? await repairImages(engine, prover, start, console)
        : { proof: first, images: small.images };
    await writeProof(folder, proof);
    const uses = proof.holds ? toImageUses(recording, images) : new Map<string, string>();
    await writeImageUses(folder, uses);
    if (shown.json === true) console.writeError(`${JSON.stringify(proof)}\n`);
    else if (shown.quiet !== true)
      console.writeError(proofText(proof, { folder, samplesMax, uses: [...uses.keys()], refusal }));
    const { now: exitStatus } = proof.exitStatus;
    if (exitStatus !== 0) return exitStatus;
    return proof.holds ? 0 : DIFFERS;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Names move to what is repaired: those that are not the small images' stay where they are.
 *
 * @throws ShrinkError RECORDING_INVALID
 */
async function requireOwnNames(engine: Engine, images: readonly SmallImage[]): Promise<void> {
  for (const each of images) {
    if (!('result' in each)) continue;
    for (const tag of each.result.tags) {
      const named = await engine.inspectImage(tag);
      if (named !== undefined && named.id !== each.result.id)
        throw new ShrinkError(
          'RECORDING_INVALID',
          `${plainLine(tag)} is another image than the recording's`,
          {
            hint: 'Make the small images again: keepset shrink --recorded DIR',
          },
        );
    }
  }
}

/** @throws ShrinkError RECORDING_INVALID */
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
