import type { Rights } from '@keepset/hardening';
import type { JudgedRun } from '../proof/judge-all.js';
import type { EndedRun } from '../run/ended-run.js';
import type { Runner } from '../run/runner.js';
import { sharesOutside } from '../run/shares-outside.js';
import type { Confinement } from './confined-options.js';
import { runUnder } from './judge-under.js';

/** Runs of an image under rights, on their way. Disposing of them awaits those that nobody took. */
export interface BegunRuns extends AsyncDisposable {
  /** Each is given once; undefined: it was not begun. */
  take(rights: Rights, run: JudgedRun['run']): Promise<EndedRun> | undefined;
}

export interface BeginOptions {
  /** Of the image. */
  readonly id: string;
  readonly runner: Runner;
  readonly confinement?: Confinement;
}

/** Begin to run all commands under rights, one after another; none where two at a time may get in each other's way. */
export function beginRuns(
  rights: Rights,
  judged: readonly JudgedRun[],
  { id, runner, confinement = {} }: BeginOptions,
): BegunRuns {
  const begun = new Map<JudgedRun['run'], Promise<EndedRun>>();
  let isWanted = true;
  let before: Promise<unknown> = Promise.resolve();
  for (const { run } of judged.some(({ run }) => sharesOutside(run.run)) ? [] : judged) {
    const ended = before.then(async () => {
      if (!isWanted) throw new Error(`'${run.run.name}' is no longer wanted`);
      return await runUnder(rights, run, { id, runner }, confinement);
    });
    begun.set(run, ended);
    // Whoever asks is told; the next one is run all the same.
    before = ended.catch(() => {});
  }
  return {
    take(wanted, run) {
      const ended = wanted === rights ? begun.get(run) : undefined;
      if (ended !== undefined) begun.delete(run);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      isWanted = false;
      const left = await Promise.allSettled(begun.values());
      for (const each of left) if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
    },
  };
}
