import type { BuiltImage } from '@keepset/image-builder';
import type { Difference } from '@keepset/run-comparison';
import { openImageReader } from '@keepset/toolbox';
import { findMissing, policiesFrom } from './find-missing.js';
import { createJudge } from './judge.js';
import { type MissingPath, nameOwners } from './missing-path.js';
import { notStarted } from './not-launched.js';
import type { Source } from './open-source.js';
import { printDifference } from './print-difference.js';
import type { Proof, ProofWishes } from './prove-result.js';
import { runIn } from './run-in.js';
import { type NamedCommand, scopeRun } from './run-scope.js';
import { ShrinkError } from './shrink-error.js';
import type { ProvenRun } from './source-run.js';
import type { Work } from './work.js';

/** How a command did in the result that had no part in making it. */
export interface HeldOutRun extends NamedCommand {
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
  work: Work,
  source: Source,
  { built, plan, listed }: Pick<Proof, 'built' | 'plan' | 'listed'>,
  checks: readonly NamedCommand[],
  wishes: ProofWishes,
): Promise<readonly HeldOutRun[]> {
  const found: HeldOutRun[] = [];
  for (const check of checks) {
    found.push(
      await work.stages.run('check', check.name, async () => {
        const scope = scopeRun(work, source, check);
        const run = await runIn(scope, source.image.id, { name: 'check' });
        const { exitStatus } = run;
        if (exitStatus === undefined)
          throw notStarted(
            scope.source.command,
            run.failure,
            `The check '${check.name}' runs it: see its spelling; words are quoted as in a shell.`,
          );
        const proven = { ...scope, run: { ...run, exitStatus } };
        const { differences } = await createJudge(proven, wishes).judge(built.id);
        const missing =
          differences.length === 0
            ? []
            : await nameMissing(proven, built, { plan, name: check.name, policies: policiesFrom(listed) });
        return [
          { ...check, differences, missing },
          differences.length === 0 ? 'the same' : 'different',
        ] as const;
      }),
    );
  }
  return found;
}

async function nameMissing(
  run: ProvenRun,
  built: BuiltImage,
  before: Parameters<typeof findMissing>[2],
): Promise<readonly MissingPath[]> {
  const { work, source } = run;
  await using reader = await openImageReader(work.engine, source.image, source.toolbox, {
    inBackground: false,
  });
  const missing = await findMissing({ ...run, source: { ...source, reader } }, built.id, before);
  if (missing === undefined) return [];
  return await nameOwners({ ...source, reader }, missing.paths);
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
      hint: 'It was not named. Trace these commands as well (--run), keep what they lack (--keep), or let them only advise (--checks advise).',
    },
  );
}

const SHOWN = 5;

/** One that failed, in a few lines. */
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
