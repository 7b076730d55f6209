import type { Engine } from '@keepset/docker-engine';
import { FURTHER_FAMILIES, type Hardening } from '@keepset/hardening';
import type { KeepPlan } from '@keepset/keep-planner';
import type { Progress } from '../progress.js';
import type { JudgedRun } from '../proof/judge-all.js';
import type { Runner } from '../run/runner.js';
import type { Source } from '../source/open-source.js';
import { beginRuns } from './begin-runs.js';
import { type FirstRights, hardenResult, mayBePlainUser, PLAIN_USER } from './harden-result.js';
import type { HardenedImage, KeptPaths } from './hardened-image.js';
import type { ObservedRun } from './observe-run.js';
import { placesImage } from './places-image.js';
import { readProgramFacts, sourceRights } from './source-rights.js';

/** How rights are looked for. */
export interface HardenOptions {
  /** Families of calls that are allowed besides: see FURTHER_FAMILIES. Default none. */
  readonly families?: readonly string[];
}

export interface HardenSteps {
  readonly runner: Runner;
  readonly progress: Progress;
  readonly engine: Pick<Engine, 'details'>;
}

/** What rights are looked for by. */
export interface HardenRequest extends HardenOptions {
  /** All runs, each traced in the source with all its calls. */
  readonly judged: readonly JudgedRun[];
  /** Files that they executed. */
  readonly executed: KeepPlan['executed'];
  /** What they did, which may be read while a result is built. */
  readonly observing: Promise<readonly ObservedRun[]>;
}

/** Finds the least rights of a result; most of the work is done beside the comparison without them. */
export interface Hardener extends AsyncDisposable {
  /** Run a result under what the runs were seen to need, while it is compared; what was begun before is ended. */
  begin(id: string, plan: { readonly kept: KeptPaths }): Promise<void>;
  /** Let go of what was begun: the image can be removed then. */
  end(): Promise<void>;
  /** See `hardenResult`. @throws ShrinkError HARDENING_FAILED */
  find(hardened: HardenedImage): Promise<Hardening>;
}

/** What was begun for one image. */
interface Beginning extends FirstRights, AsyncDisposable {}

export function openHardener(
  source: Source,
  { judged, executed, observing, families = [] }: HardenRequest,
  { runner, progress, engine: { details } }: HardenSteps,
): Hardener {
  const facts = readProgramFacts(source, judged, executed);
  facts.catch(() => {});
  observing.catch(() => {});
  let begun: { readonly id: string; readonly beginning: Promise<Beginning> } | undefined;

  const begin = async (id: string, kept: KeptPaths): Promise<Beginning> => {
    const places = placesImage(await source.tree(), kept);
    const rights = await sourceRights(source, await observing, {
      ...(await facts),
      architecture: details.architecture,
      executed,
      image: places,
      families: FURTHER_FAMILIES.filter(({ name }) => families.includes(name)),
    });
    const runs = beginRuns(rights, judged, { id, runner });
    const plainRuns = mayBePlainUser(rights, judged)
      ? beginRuns(rights, judged, { id, runner, confinement: { user: PLAIN_USER } })
      : undefined;
    return {
      rights,
      places,
      runs,
      plainRuns,
      async [Symbol.asyncDispose]() {
        await Promise.all([runs[Symbol.asyncDispose](), plainRuns?.[Symbol.asyncDispose]()]);
      },
    };
  };
  const beginFor = (id: string, kept: KeptPaths) => {
    const beginning = begin(id, kept);
    beginning.catch(() => {});
    begun = { id, beginning };
    return begun;
  };
  const end = async () => {
    const ended = await begun?.beginning.catch(() => undefined);
    begun = undefined;
    await ended?.[Symbol.asyncDispose]();
  };

  return {
    async begin(id, { kept }) {
      await end();
      // The comparison closes the reader that this needs.
      await facts;
      beginFor(id, kept);
    },
    end,
    async find(hardened) {
      const { id } = hardened.image;
      if (begun?.id !== id) await end();
      const { beginning } = begun ?? beginFor(id, hardened.kept);
      try {
        const runs = { judged, executed, observed: await observing };
        return await hardenResult(source, runs, hardened, {
          runner,
          progress,
          engine: `${details.isDocker ? 'Docker' : 'Podman'} ${details.version}`,
          beginning,
        });
      } finally {
        await end();
      }
    },
    [Symbol.asyncDispose]: end,
  };
}
