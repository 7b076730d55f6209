import { AsyncDisposableStack } from '@keepset/docker-engine';
import type { Difference } from '@keepset/run-comparison';
import type { ResultBuilder } from '../publish/build-result.js';
import { notStarted } from '../run/not-launched.js';
import { commandOf, type Run } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';
import { findMissing } from './find-missing.js';
import { type CompareOptions, createJudge } from './judge.js';
import { type MissingPath, nameOwners } from './missing-path.js';
import { printDifference } from './print-difference.js';
import type { Proof, ProofSteps } from './prove-result.js';

/** How a command did in the result that had no part in making it. */
export interface HeldOutRun {
  readonly name: string;
  /** As it follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  /** Empty: it does what it does in the source. */
  readonly differences: readonly Difference[];
  /** What the result lacks for it, sorted; as far as it can be told. */
  readonly missing: readonly MissingPath[];
}

/**
 * Run commands in source and result that were not traced: they show whether the result serves for more than the runs
 * it was made of. Nothing is added for them; what they lack is named.
 *
 * @throws ShrinkError COMMAND_NOT_FOUND  in the source
 */
export async function judgeHeldOut(
  source: Source,
  proof: Pick<Proof, 'result' | 'plan' | 'listed'>,
  checks: readonly Run[],
  options: CompareOptions,
  steps: ProofSteps,
): Promise<readonly HeldOutRun[]> {
  const found: HeldOutRun[] = [];
  for (const check of checks) {
    found.push(
      await steps.progress.stage('check', check.name, async () => {
        const differences = await judgeCheck(source, steps.runner, check, proof.result.image.id, options);
        const missing = differences.length === 0 ? [] : await nameMissing(source, proof, check, steps);
        const held = { name: check.name, command: check.command, differences, missing };
        return [held, differences.length === 0 ? 'the same' : 'different'] as const;
      }),
    );
  }
  return found;
}

async function judgeCheck(
  source: Source,
  runner: Runner,
  check: Run,
  id: string,
  options: CompareOptions,
): Promise<readonly Difference[]> {
  const runSource = () => runner.run(check, source.image.id, { role: 'check' });
  await using opened = new AsyncDisposableStack();
  const ended = opened.use(await runSource());
  if (ended.exitStatus === undefined)
    throw notStarted(
      commandOf(check, source),
      ended.failure,
      `The check '${check.name}' runs it: see its spelling; words are quoted as in a shell.`,
    );
  const judge = opened.use(createJudge(ended, options));
  const { differences } = await judge.judge({
    runResult: () => runner.run(check, id, { role: 'verify' }),
    runSource,
  });
  return differences;
}

async function nameMissing(
  source: Source,
  { result, plan, listed }: Pick<Proof, 'result' | 'plan' | 'listed'>,
  check: Run,
  { runner, builder, keep }: ProofSteps & { readonly builder: ResultBuilder },
): Promise<readonly MissingPath[]> {
  const image = await builder.inspect(result);
  const missing =
    image && (await findMissing(source, runner, check, image, { plan, keep, name: check.name, listed }));
  return missing === undefined ? [] : await nameOwners(source, missing.paths);
}

/** @throws ShrinkError CHECK_FAILED  names what the result lacks */
export function requireHeldOut(runs: readonly HeldOutRun[]): void {
  const failing = runs.filter(({ differences }) => differences.length > 0);
  if (failing.length === 0) return;
  const names = failing.map(({ name }) => `'${name}'`).join(', ');
  throw new ShrinkError(
    'CHECK_FAILED',
    `the result does not serve for ${names}, of ${runs.length} held-out ${runs.length === 1 ? 'run' : 'runs'}`,
    {
      details: failing.flatMap(describeHeldOut),
      hint: 'It was not named. Trace these commands as well, keep what they lack, or let them only advise.',
    },
  );
}

const SHOWN = 5;

/**
 * One that failed, in a few lines.
 *
 * @example
 * const missing = [{ path: '/data', packages: [] }];
 * describeHeldOut({ name: 'a', command: [], differences: [], missing }) // ["check 'a': the same", '  lacks /data']
 */
export function describeHeldOut({ name, differences, missing }: HeldOutRun): readonly string[] {
  const [first] = differences;
  const shown = missing.slice(0, SHOWN).map(({ path, packages }) => {
    return `  lacks ${path}${packages.length === 0 ? '' : ` (${packages.join(', ')})`}`;
  });
  return [
    `check '${name}': ${first === undefined ? 'the same' : printDifference(first)}`,
    ...shown,
    ...(missing.length > SHOWN ? [`  and ${missing.length - SHOWN} other paths`] : []),
  ];
}
