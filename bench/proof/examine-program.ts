import type { Engine } from '@keepset/docker-engine';
import { chooseMutants, type Mutant } from './choose-mutants.ts';
import { judgeList, shrinkTo, type Verdict } from './keepset.ts';
import { type Program, VOLUME } from './programs.ts';
import { readSteadyPart, runPlainly } from './steady-part.ts';

/** What was found out about the proof, by one program. */
export interface Examination {
  readonly program: Program;
  /** Of the whole shrink. */
  readonly verdict: Verdict;
  /** Results that lack something that counts. */
  readonly mutants: readonly ExaminedMutant[];
  /** Why results that lack nothing were refused. */
  readonly alarms: readonly string[];
  readonly rounds: number;
  /** Wall clock of the program alone. */
  readonly plainSeconds: number;
}

export interface ExaminedMutant extends Pick<Mutant, 'path' | 'way'> {
  readonly verdict: Verdict;
}

export interface ExaminationOptions {
  /** How many mutants that count are judged at most. */
  readonly mutants: number;
  /** How often the result that lacks nothing is judged. */
  readonly rounds: number;
  readonly chance: () => number;
}

/** Of files that do not count, so many are tried for each that does. */
const TRIES_PER_MUTANT = 4;

/** Shrink the image to a program, and judge what lacks something, and what lacks nothing. */
export async function examineProgram(
  engine: Engine,
  image: string,
  program: Program,
  { mutants: mutantsMax, rounds, chance }: ExaminationOptions,
): Promise<Examination> {
  const steady = await requireSteady(engine, image, program);
  const { seconds: plainSeconds } = await runPlainly(engine, image, program);
  const fresh = async (judge: () => Promise<Verdict>): Promise<Verdict> => {
    await engine.removeVolume(VOLUME);
    return await judge();
  };
  const verdict = await fresh(() => shrinkTo(engine, image, program));
  if (verdict.kind === 'refused')
    return { program, verdict, mutants: [], alarms: [], rounds: 0, plainSeconds };
  const { keepList } = verdict.result;

  const alarms: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const again = await fresh(() => judgeList(engine, image, program, keepList));
    if (again.kind === 'refused') alarms.push(again.message);
  }

  const mutants: ExaminedMutant[] = [];
  let tries = 0;
  for (const mutant of chooseMutants(keepList, chance)) {
    if (mutants.length === mutantsMax || tries++ === mutantsMax * TRIES_PER_MUTANT) break;
    const changed = await readSteadyPart(engine, image, program, mutant);
    if (changed === undefined || changed === steady) continue;
    const { path, way, locked } = mutant;
    mutants.push({ path, way, verdict: await fresh(() => judgeList(engine, image, program, locked)) });
  }
  return { program, verdict, mutants, alarms, rounds, plainSeconds };
}

/** @throws where a program does not know what never varies of it */
async function requireSteady(engine: Engine, image: string, program: Program): Promise<string> {
  const [one, other] = [
    await readSteadyPart(engine, image, program),
    await readSteadyPart(engine, image, program),
  ];
  if (one === undefined || one !== other || !one.startsWith('0\n'))
    throw new Error(`the steady part of '${program.name}' varies, or fails: ${one} ${other}`);
  return one;
}
