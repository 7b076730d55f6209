import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, parseTagReference } from '@keepset/docker-engine';
import {
  type ProvedContainer,
  type ProvedRepair,
  type RecordedImage,
  type Recording,
  type RecordingProof,
  rewriteRecording,
  type ShrunkImage,
  type SmallImage,
  type SmallImages,
  shrinkRecording,
  writeLacking,
  writeSmallImages,
} from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { createdOf } from '../../inputs/created-of.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { Console } from '../../terminal/console.js';
import { VERSION } from '../../version.js';
import type { Prover, Substitutes } from './open-prover.js';
import { writeSmallImage } from './write-small-image.js';

/** A proof that does not hold, and of what. */
export interface RepairStart {
  /** Of the recording. */
  readonly folder: string;
  readonly recording: Recording;
  readonly small: SmallImages;
  readonly proof: RecordingProof;
  readonly substitutes: Substitutes;
  readonly toolbox: string;
  readonly scratch: string;
}

/** The small images that the proof is of. */
export interface RepairOutcome {
  readonly proof: RecordingProof;
  readonly images: readonly SmallImage[];
  /** Why nothing was repaired. */
  readonly refusal?: string;
}

const ROUNDS = 3;
/** How often repaired images must do what the recording says; and where chance plays a part. */
const PASSES = 2;
const PASSES_WITH_CHANCE = 3;

/** Images with what was found to be missing, under names of their own until they are proved. */
interface Repaired {
  readonly proof: RecordingProof;
  readonly substitutes: Substitutes;
  readonly recording: Recording;
  /** By the id of the source. */
  readonly shrunk: ReadonlyMap<string, Made>;
  readonly repairs: readonly ProvedRepair[];
}

type Made = Extract<ShrunkImage, { result: unknown }>;

/**
 * Add to small images what containers lacked in them, by the rules of the proof of one image: a repair counts only if the
 * container failed twice without it, and passes each time with it. Until then no name moves, and of what does not count
 * nothing is left.
 */
export async function repairImages(
  engine: Engine,
  prover: Prover,
  start: RepairStart,
  console: Console,
): Promise<RepairOutcome> {
  const { folder, small } = start;
  const temporary: string[] = [];
  const files: string[] = [];
  let repaired: Repaired = { ...start, shrunk: new Map(), repairs: [] };
  const refuse = async (refusal: string): Promise<RepairOutcome> => {
    for (const file of files) await rm(join(folder, file), { force: true });
    return { proof: start.proof, images: small.images, refusal };
  };
  const nameOf = () => {
    temporary.push(`keepset-repair-${randomBytes(6).toString('hex')}:latest`);
    return temporary.at(-1) as string;
  };
  try {
    for (let round = 1; !repaired.proof.holds; round++) {
      const failing = repaired.proof.containers.filter(
        ({ verdict, isSmall }) => isSmall && verdict === 'differs',
      );
      if (failing.length === 0) return await refuse('what differs is no container on a small image');
      if (round > ROUNDS) return await refuse(`it still differs after ${ROUNDS} rounds`);
      if (console.signal.aborted) return await refuse('it was interrupted');
      const { traced, containers } = await prover.trace(repaired.substitutes);
      const verdicts = [containers];
      // A program may take another way when it is traced: then only an untraced run counts.
      if (failing.some((each) => verdictOf(each, containers) !== 'differs'))
        verdicts.push((await prover.prove(repaired.substitutes)).containers);
      const failsAgain = (each: ProvedContainer) =>
        verdicts.some((all) => verdictOf(each, all) === 'differs');
      const unsteady = failing.find((each) => !failsAgain(each));
      if (unsteady !== undefined)
        return await refuse(
          `container ${unsteady.number} differs in some runs only: no repair would mean anything`,
        );
      const { recording } = repaired;
      const lacking = await writeLacking(folder, {
        ...{ recording, traced, version: VERSION, scratch: start.scratch },
        failing,
      });
      files.push(...lacking.flatMap(({ repairs }) => repairs?.at(-1)?.traceFile ?? []));
      const shrunk = await shrinkAgain(engine, lacking, { ...start, recording }, nameOf, console);
      const found = shrunk.flatMap(toRepairs);
      if (found.length === 0) return await refuse('nothing was found that it lacks');
      const substitutes = new Map(repaired.substitutes);
      for (const { image, result } of shrunk) substitutes.set(image.id, result.id);
      repaired = {
        proof: await prover.prove(substitutes),
        substitutes,
        recording: withImages(recording, shrunk),
        shrunk: new Map([...repaired.shrunk, ...shrunk.map((each) => [each.image.id, each] as const)]),
        repairs: [...repaired.repairs, ...found],
      };
    }
    const isChancy = repaired.proof.containers.some(({ varies }) => varies.length > 0);
    for (let pass = 1; pass < (isChancy ? PASSES_WITH_CHANCE : PASSES); pass++)
      if (!(await prover.prove(repaired.substitutes)).holds)
        return await refuse('what seemed to be repaired differs in some runs only');
    return {
      proof: { ...repaired.proof, repairs: repaired.repairs },
      images: await name(engine, start, repaired),
    };
  } finally {
    for (const tag of temporary) await engine.removeImage(tag);
  }
}

function verdictOf({ number }: ProvedContainer, all: readonly ProvedContainer[]) {
  return all.find((each) => each.number === number && each.verdict !== 'not recorded')?.verdict;
}

/** Make the images anew, with what was found, and as they were made before. */
async function shrinkAgain(
  engine: Engine,
  images: readonly RecordedImage[],
  { folder, recording, small, toolbox }: Omit<RepairStart, 'proof' | 'substitutes'>,
  nameOf: () => string,
  console: Console,
): Promise<readonly Made[]> {
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const options = {
    ...{ ...small.options, folder, recording: { ...recording, images }, version: VERSION },
    tagsOf: () => [nameOf()],
    toolbox: toolboxOptions(toolbox, console),
    inventory: true,
    ...(created !== undefined && { created }),
  };
  const shrunk = await Array.fromAsync(shrinkRecording(engine, options, { onOutput() {}, onEvent() {} }));
  return shrunk.filter((each): each is Made => 'result' in each);
}

/** What the last round added. */
function toRepairs({ image, result }: Made): readonly ProvedRepair[] {
  const own = result.repairs.filter(({ round }) => round === image.repairs?.length);
  return [...Map.groupBy(own, ({ run }) => run)].map(([run, repairs]) => ({
    image: image.references[0] ?? image.id,
    run,
    ...(repairs[0]?.because !== undefined && { because: repairs[0].because }),
    paths: repairs.map(({ path }) => printPath(path)),
  }));
}

function withImages(recording: Recording, shrunk: readonly Made[]): Recording {
  const byId = new Map(shrunk.map(({ image }) => [image.id, image]));
  return { ...recording, images: recording.images.map((image) => byId.get(image.id) ?? image) };
}

/** Move the names, and write down what they are of. */
async function name(
  engine: Engine,
  { folder, small }: RepairStart,
  { recording, shrunk }: Repaired,
): Promise<readonly SmallImage[]> {
  const images: SmallImage[] = [];
  for (const each of small.images) {
    const made = shrunk.get(each.source.id);
    if (made === undefined || !('result' in each)) {
      images.push(each);
      continue;
    }
    const { tags } = each.result;
    for (const tag of tags) await engine.tagImage(made.result.id, parseTagReference(tag));
    images.push(await writeSmallImage(folder, { ...made, tags }));
  }
  await rewriteRecording(folder, recording);
  await writeSmallImages(folder, { ...small, images });
  return images;
}
