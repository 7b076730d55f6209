// All that the benchmark asks of keepset: a whole shrink, and the verdict on a result that is made of a given list.
import type { Engine } from '@keepset/docker-engine';
import { ShrinkError, type ShrinkOptions, type ShrinkResult, shrink } from '@keepset/shrinker';
import type { Program } from './programs.ts';

/** What the proof says of a result. */
export type Verdict =
  | { readonly kind: 'verified' | 'verified in part'; readonly result: ShrinkResult }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Codes with which a result is refused for what it does. */
const REFUSALS: ReadonlySet<string> = new Set(['VERIFICATION_FAILED', 'RESULT_FLAKY', 'COMMAND_FLAKY']);

/** Shrink an image to a program, as a user does. */
export async function shrinkTo(engine: Engine, image: string, program: Program): Promise<Verdict> {
  return await verdictOf(engine, optionsOf(image, program));
}

/** Build a result of exactly this keep list, and have it judged; nothing is repaired. */
export async function judgeList(
  engine: Engine,
  image: string,
  program: Program,
  locked: string,
): Promise<Verdict> {
  return await verdictOf(engine, { ...optionsOf(image, program), locked });
}

function optionsOf(image: string, { command, options }: Program): ShrinkOptions {
  return { image, runs: [{ name: 'main', command, options }], tags: [], version: 'bench', metadata: 'none' };
}

async function verdictOf(engine: Engine, options: ShrinkOptions): Promise<Verdict> {
  try {
    const result = await shrink(engine, options, { onOutput() {}, onEvent() {} });
    await engine.removeImage(result.id);
    const { level } = result.verification;
    if (level === 'not verified') throw new Error('nothing was verified');
    return { kind: level, result };
  } catch (error) {
    if (!(error instanceof ShrinkError) || !REFUSALS.has(error.code)) throw error;
    return { kind: 'refused', code: error.code, message: error.message };
  }
}
