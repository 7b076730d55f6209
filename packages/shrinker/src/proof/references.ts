import { AsyncDisposableStack } from '@keepset/docker-engine';
import type { EndedRun } from '../run/ended-run.js';
import { notStarted } from '../run/not-launched.js';
import { requireAnswers } from '../run/record-steps.js';
import { requireSuccess } from '../run/require-success.js';
import { commandOf } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';

/** Untraced runs of the source, on their way. Disposing of them awaits them. */
export interface References extends AsyncDisposable {
  /** @throws ShrinkError COMMAND_FAILED, STEP_FAILED, COMMAND_FLAKY, … */
  of(run: SourceRun): Promise<EndedRun>;
  /** A second sample, where one will be wanted: of a run that printed something else when it was traced, of any service. */
  furtherOf(run: SourceRun): Promise<EndedRun | undefined>;
}

export interface ReferenceOptions {
  /** Whether a command may succeed in one run and fail in another. Default false. */
  readonly allowFlaky?: boolean;
}

/**
 * Begin to run each command in the source once more, untraced and one after another, while the result is built: what a
 * program does under a tracer is no evidence of what it does without.
 */
export function startReferences(
  source: Source,
  runner: Runner,
  runs: readonly SourceRun[],
  options: ReferenceOptions = {},
): References {
  const opened = new AsyncDisposableStack();
  const all = new Map<SourceRun, Promise<EndedRun>>();
  const further = new Map<SourceRun, Promise<EndedRun | undefined>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const run of runs) {
    const reference = before.then(async () => opened.use(await runReference(source, runner, run, options)));
    const second = reference.then(async (first) =>
      // The log of a service tells times and numbers, also where that is a file.
      run.run.service === undefined && printsTheSame(run.ended, first)
        ? undefined
        : opened.use(await runner.run(run.run, source.image.id, { role: 'sample' })),
    );
    all.set(run, reference);
    further.set(run, second);
    // Whoever asks is told; the next one is run all the same.
    before = Promise.allSettled([reference, second]);
  }
  const known = <T>(of: ReadonlyMap<SourceRun, Promise<T>>, run: SourceRun): Promise<T> =>
    of.get(run) ?? Promise.reject(new Error(`there is no reference of '${run.run.name}'`));
  return {
    of: (run) => known(all, run),
    furtherOf: (run) => known(further, run),
    async [Symbol.asyncDispose]() {
      await before;
      await opened.disposeAsync();
    },
  };
}

/** Runs that are references themselves: they were not traced, or nobody wants others. */
export function ownReferences(): References {
  return {
    of: async ({ ended }) => ended,
    furtherOf: async () => undefined,
    async [Symbol.asyncDispose]() {},
  };
}

function printsTheSame(one: EndedRun, other: EndedRun): boolean {
  const digests = ({ output, steps }: EndedRun) =>
    [output, ...steps].flatMap(({ stdout, stderr }) => [stdout.sha256, stderr.sha256]).join();
  return digests(one) === digests(other);
}

async function runReference(
  source: Source,
  runner: Runner,
  { run }: SourceRun,
  { allowFlaky = false }: ReferenceOptions,
): Promise<EndedRun> {
  const attempt = async (): Promise<readonly [EndedRun, ShrinkError | undefined]> => {
    const ended = await runner.run(run, source.image.id, { role: 'source' });
    try {
      if (ended.exitStatus === undefined) throw notStarted(commandOf(run, source), ended.failure);
      await requireAnswers(ended.answers, ended.steps);
      await requireSuccess(run, ended);
      return [ended, undefined];
    } catch (error) {
      if (error instanceof ShrinkError) return [ended, error];
      await ended[Symbol.asyncDispose]();
      throw error;
    }
  };
  const [first, failure] = await attempt();
  if (failure === undefined) return first;
  await using _ = first;
  const [second, again] = await attempt();
  if (again === undefined && allowFlaky) return second;
  await second[Symbol.asyncDispose]();
  if (again === undefined) throw flaky(run.name, [`${first.exitStatus}`, `${second.exitStatus}`]);
  throw new ShrinkError(again.code, `without strace, ${again.message}`, {
    ...(again.hint !== undefined && { hint: again.hint }),
    details: again.details,
    facts: again.facts,
  });
}

/** Of a command that does not always end in the same way in the source. */
export function flaky(name: string, statuses: readonly string[]): ShrinkError {
  return new ShrinkError(
    'COMMAND_FLAKY',
    `the run '${name}' does not always end in the same way in the source (exit status ${[...new Set(statuses)].join(', ')}), so a result cannot be verified`,
    { hint: 'Make the command end in one way, or allow that it does not.' },
  );
}
