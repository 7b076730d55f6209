import { setTimeout as sleep } from 'node:timers/promises';
import type { EndedRun } from '../run/ended-run.js';
import { notStarted } from '../run/not-launched.js';
import { requireAnswers } from '../run/record-steps.js';
import { requireSuccess } from '../run/require-success.js';
import { commandOf, type Run } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import { sharesOutside } from '../run/shares-outside.js';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';

/** Untraced runs of the source, on their way. */
export interface References {
  /** @throws ShrinkError COMMAND_FAILED, STEP_FAILED, COMMAND_FLAKY, … */
  of(run: SourceRun): Promise<EndedRun>;
  /** A second sample, where one will be wanted: of a run that printed something else when it was traced, of any service. */
  furtherOf(run: SourceRun): Promise<EndedRun | undefined>;
}

export interface ReferenceOptions {
  /** Whether a command may succeed in one run and fail in another. Default false. */
  readonly allowFlaky?: boolean;
}

/** References that may begin before it is known what all runs of the source were. */
export interface OpenedReferences extends AsyncDisposable {
  /**
   * A run of the source begins to be traced: run it beside that as well, where neither can get in the other's way. Only of
   * services, which end by themselves since they are stopped, whatever becomes of the traced run.
   */
  begin(run: Run): void;
  /** The traced run has ended as it should: what was begun goes on with its second sample. */
  goOn(run: Run): void;
  /** Begin, or go on, with all of them, one after another. */
  start(runs: readonly SourceRun[]): References;
}

/** Samples whose times fall into one second say that these do not vary. */
const MS_APART = 1.1 * 1000;

interface BegunReference {
  readonly attempt: Promise<Attempt>;
  second?: Promise<EndedRun | undefined>;
}

/**
 * Run each command in the source once more, untraced: what a program does under a tracer is no evidence of what it does
 * without. It costs little time, beside the traced run or while the result is built.
 */
export function openReferences(
  source: Source,
  runner: Runner,
  options: ReferenceOptions = {},
): OpenedReferences {
  const made = new Set<EndedRun>();
  const begun = new Map<Run, BegunReference>();
  let before: Promise<unknown> = Promise.resolve();
  /** Whoever asks is told of a failure; the next one is run all the same. */
  const hold = (...running: readonly Promise<unknown>[]) => {
    before = Promise.allSettled([before, ...running]);
  };
  const attempt = async (run: Run) => {
    const first = await attemptReference(source, runner, run);
    made.add(first.ended);
    return first;
  };
  const sample = async (run: Run, { startMs }: Attempt) => {
    if (run.service !== undefined) await sleep(Math.max(0, startMs + MS_APART - performance.now()));
    const ended = await runner.run(run, source.image.id, { role: 'sample' });
    made.add(ended);
    return ended;
  };
  return {
    begin(run) {
      if (begun.has(run) || !mayBeginEarly(run)) return;
      const own = { attempt: before.then(() => attempt(run)) };
      begun.set(run, own);
      hold(own.attempt);
    },
    goOn(run) {
      const own = begun.get(run);
      if (own === undefined || own.second !== undefined) return;
      own.second = own.attempt.then((first) => (first.failure ? undefined : sample(run, first)));
      hold(own.second);
    },
    start(runs) {
      const all = new Map<SourceRun, Promise<EndedRun>>();
      const further = new Map<SourceRun, Promise<EndedRun | undefined>>();
      for (const known of runs) {
        const { run } = known;
        const own: BegunReference = begun.get(run) ?? { attempt: before.then(() => attempt(run)) };
        const reference = own.attempt.then(async (first) => {
          const ended = await toReference(source, runner, run, { ...options, first });
          made.add(ended);
          return ended;
        });
        const second = reference.then(async (ended) => {
          const early = await own.second;
          // The log of a service tells times and numbers, also where that is a file.
          const isWanted = run.service !== undefined || !printsTheSame(known.ended, ended);
          return early ?? (isWanted ? await sample(run, await own.attempt) : undefined);
        });
        all.set(known, reference);
        further.set(known, second);
        hold(reference, second);
      }
      const of = <T>(promises: ReadonlyMap<SourceRun, Promise<T>>, run: SourceRun): Promise<T> =>
        promises.get(run) ?? Promise.reject(new Error(`there is no reference of '${run.run.name}'`));
      return { of: (run) => of(all, run), furtherOf: (run) => of(further, run) };
    },
    async [Symbol.asyncDispose]() {
      await before;
      await Promise.all([...made].map((ended) => ended[Symbol.asyncDispose]()));
    },
  };
}

/** What a crawl finds, and standard input, are the traced run's to show first. */
function mayBeginEarly(run: Run): boolean {
  const { service, options } = run;
  return service !== undefined && service.crawl === undefined && !options?.interactive && !sharesOutside(run);
}

/** Runs that are references themselves: they were not traced, or nobody wants others. */
export function ownReferences(): References {
  return {
    of: async ({ ended }) => ended,
    furtherOf: async () => undefined,
  };
}

function printsTheSame(one: EndedRun, other: EndedRun): boolean {
  const digests = ({ output, steps }: EndedRun) =>
    [output, ...steps].flatMap(({ stdout, stderr }) => [stdout.sha256, stderr.sha256]).join();
  return digests(one) === digests(other);
}

/** A run of the source, and in what it failed. */
interface Attempt {
  readonly ended: EndedRun;
  /** When it began, as performance.now() tells. */
  readonly startMs: number;
  readonly failure?: ShrinkError;
}

async function attemptReference(source: Source, runner: Runner, run: Run): Promise<Attempt> {
  const startMs = performance.now();
  const ended = await runner.run(run, source.image.id, { role: 'source' });
  try {
    if (ended.exitStatus === undefined) throw notStarted(commandOf(run, source), ended.failure);
    await requireAnswers(ended.answers, ended.steps);
    await requireSuccess(run, ended);
    return { ended, startMs };
  } catch (error) {
    if (error instanceof ShrinkError) return { ended, startMs, failure: error };
    await ended[Symbol.asyncDispose]();
    throw error;
  }
}

/** What failed is run once more: it may be flaky. */
async function toReference(
  source: Source,
  runner: Runner,
  run: Run,
  { first, allowFlaky = false }: ReferenceOptions & { readonly first: Attempt },
): Promise<EndedRun> {
  if (first.failure === undefined) return first.ended;
  await using _ = first.ended;
  const second = await attemptReference(source, runner, run);
  if (second.failure === undefined && allowFlaky) return second.ended;
  await second.ended[Symbol.asyncDispose]();
  if (second.failure === undefined)
    throw flaky(run.name, [`${first.ended.exitStatus}`, `${second.ended.exitStatus}`]);
  const { code, message, hint, details, facts } = second.failure;
  throw new ShrinkError(code, `without strace, ${message}`, {
    ...(hint !== undefined && { hint }),
    details,
    facts,
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
