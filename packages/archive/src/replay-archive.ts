import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { compareRuns } from '@keepset/run-comparison';
import { printDifference, type SampleOptions, type ShrinkEvent, sampleRuns } from '@keepset/shrinker';
import { printPath } from '@keepset/strace-parser';
import { ArchiveError } from './archive-error.js';
import { openContents } from './contents/open-contents.js';
import { createClock } from './dates/clock.js';
import type { DepositMount, DepositRun } from './deposit/deposit.js';
import { parseRuns } from './deposit/runs-file.js';
import { putDatesBack } from './expected/put-dates-back.js';
import { restoreSample } from './expected/restore-sample.js';
import { withOwnersOf } from './expected/with-owners-of.js';
import { withoutAccounts } from './expected/without-accounts.js';
import { withoutInputs } from './expected/without-inputs.js';
import { loadImage } from './image/load-image.js';
import { type DifferingContent, differingContents } from './report/differing-contents.js';
import { replayPage } from './report/replay-page.js';
import { toRun } from './to-run.js';
import { type Examined, examine, type MemberSink } from './verify-archive.js';

/** What of a deposit is run, and with which folders. */
export interface ReplayArchiveOptions {
  /** Name of the only run that is wanted. Default: all that can be run again. */
  readonly run?: string;
  /** Folders that take the place of inputs: by the path at which a run has them, or for its only mount. */
  readonly with?: readonly { readonly target?: string; readonly folder: string }[];
  /** Whether the page that shows what differs is wanted. Default false. */
  readonly withPage?: boolean;
  /** Milliseconds since 1970: what the clock of the runs shows. Default: this machine's. */
  readonly now?: () => number;
  readonly toolbox?: SampleOptions['toolbox'];
}

/** What became of one run. */
export interface ReplayedRun {
  readonly name: string;
  /** What was asked of it once, and is not asked again: it ran on the machine of who shrank it. */
  readonly notAsked: readonly string[];
  /** Why it was not run again. Absent: it was. */
  readonly notReplayed?: string;
  /** In what it did otherwise than it was expected to. Empty: in nothing that was compared. */
  readonly differences: readonly string[];
  /** In what it varies, and was held only in what stays. */
  readonly masked: readonly string[];
  /** What was not held. */
  readonly notCompared: readonly string[];
  /** Where the date of this run stood instead of the recorded one's, which is no difference. */
  readonly dated: readonly string[];
}

/** What became of a replay. */
export interface Replay {
  /** Whether each run that was run again did as it is expected to. */
  readonly same: boolean;
  readonly runs: readonly ReplayedRun[];
  /** HTML, where it was wanted: what differs in texts line by line, pictures beside each other. */
  readonly page?: string;
}

/**
 * Run what a deposit holds once more, and compare with what it is expected to give, by the rules of a shrink's proof. The
 * deposit is checked first. Its images get no name, and leave the engine again unless they were there; no run has a
 * network, or anything of this machine but the deposit's inputs and those that were named.
 *
 * @param path  of a folder, a zip or a tar
 * @throws ArchiveError ARCHIVE_INVALID, ARCHIVE_DAMAGED, ARCHIVE_NO_RUN, ARCHIVE_BAD_INPUT
 * @throws EngineError, ShrinkError, ToolboxError
 */
export async function replayArchive(
  engine: Engine,
  path: string,
  options: ReplayArchiveOptions,
  streams: { readonly onEvent: (event: ShrinkEvent) => void },
): Promise<Replay> {
  const now = options.now ?? Date.now;
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const { folder, examined } = await unpack(path, scratch);
    const { images, runs } = parseRuns(examined.texts.get('data/runs.json') ?? '');
    const data = join(folder, 'data');
    const chosen = await Promise.all(choose(runs, options).map((run) => withFolders(run, data, options)));
    const replayed = chosen.filter(({ notReplayed }) => notReplayed === undefined);
    const found = new Map<string, ReplayedRun>();
    const contents = new Map<string, readonly DifferingContent[]>();
    for (const [place, image] of images.entries()) {
      const ofImage = replayed.filter(({ run }) => (run.image ?? 0) === place);
      if (ofImage.length === 0) continue;
      await using loaded = await loadImage(engine, join(data, 'image'), image);
      const next = ofImage.values();
      const commands = ofImage.map(({ run, folderOf }) => toRun(run, folderOf));
      const toolbox = options.toolbox && { toolbox: options.toolbox };
      await sampleRuns(
        engine,
        { image: loaded.id, runs: commands, ...toolbox },
        streams,
        async (_, sample) => {
          const { run } = next.next().value as ChosenRun;
          const samples = run.samples.map((each) => restoreSample(each, data));
          const expected = new Set(samples.flatMap(({ files }) => [...files.keys()]));
          const from = now();
          const isExpected = (file: string) => expected.has(file);
          const ended = withoutInputs(await sample(), run.mounts, isExpected);
          const clock = createClock({ from, to: now(), ...(run.timeZone && { timeZone: run.timeZone }) });
          const { outcome: own, isOther } = engine.details.isDocker
            ? { outcome: ended, isOther: false }
            : withOwnersOf(samples, await withoutAccounts(ended, isExpected));
          const { outcome, dated } = await putDatesBack(own, { samples: run.samples, folder: data }, clock);
          const { differences, masked, notCompared } = await compareRuns(samples, outcome);
          if (options.withPage && differences.length > 0)
            contents.set(run.name, await differingContents(samples, outcome));
          found.set(run.name, {
            name: run.name,
            notAsked: run.notAsked ?? [],
            differences: differences.map(printDifference),
            dated,
            masked: [...new Set(masked.map(({ where }) => printPlace(where)))],
            notCompared: [
              ...notCompared.map(({ where, reason }) => `${printPlace(where)} (${reason})`),
              ...(isOther ? ['owners of files, which this engine does not tell'] : []),
            ],
          });
        },
      );
    }
    const all = chosen.map(
      ({ run, notReplayed }) =>
        found.get(run.name) ?? {
          name: run.name,
          notAsked: [],
          notReplayed: notReplayed ?? '',
          differences: [],
          masked: [],
          notCompared: [],
          dated: [],
        },
    );
    const page =
      options.withPage &&
      replayPage({
        title: basename(resolve(path)),
        imageIds: [...new Set(images.map(({ id }) => id))],
        runs: all.map((run) => ({ ...run, contents: contents.get(run.name) ?? [] })),
      });
    return {
      same: all.every(({ differences }) => differences.length === 0),
      runs: all,
      ...(page && { page }),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * A folder is used where it is; what is packed goes into a folder of its own, by names that were checked, once all of it
 * is known to be whole.
 */
async function unpack(path: string, scratch: string): Promise<{ folder: string; examined: Examined }> {
  const contents = await openContents(path);
  const examined = await examine(contents);
  requireWhole(path, examined);
  if (contents.kind === 'folder') return { folder: resolve(path), examined };
  const folder = join(scratch, 'deposit');
  const unpacked = await examine(contents, async (name): Promise<MemberSink> => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    // Nothing that is there is written to, whatever a name leads to. A run may be another user: it reads its inputs.
    const handle = await open(file, 'wx', 0o644);
    return {
      async write(chunk) {
        await handle.write(chunk);
      },
      close: () => handle.close(),
    };
  });
  requireWhole(path, unpacked);
  return { folder, examined: unpacked };
}

const PROBLEMS_SHOWN = 20;

function requireWhole(path: string, { check: { problems } }: Examined): void {
  if (problems.length === 0) return;
  throw new ArchiveError(
    'ARCHIVE_DAMAGED',
    `${path} is not what was deposited: ${problems.length === 1 ? problems[0] : `${problems.length} things are wrong`}`,
    {
      details: problems.length === 1 ? [] : problems.slice(0, PROBLEMS_SHOWN).map((each) => `  ${each}`),
      hint: 'Get it again from where it is published.',
    },
  );
}

function choose(runs: readonly DepositRun[], { run: name }: ReplayArchiveOptions): readonly DepositRun[] {
  const chosen = name === undefined ? runs : runs.filter((run) => run.name === name);
  const why =
    name !== undefined && chosen.length === 0
      ? `the deposit has no run '${name}'`
      : chosen.every(({ notReplayed }) => notReplayed !== undefined) &&
        'the deposit has no run that can be run again';
  if (!why) return chosen;
  const known = runs.map((run) => run.name + (run.notReplayed === undefined ? '' : ` (${run.notReplayed})`));
  throw new ArchiveError('ARCHIVE_NO_RUN', why, { hint: `It has ${known.join(', ') || 'none'}.` });
}

interface ChosenRun {
  readonly run: DepositRun;
  readonly notReplayed?: string;
  folderOf(mount: DepositMount): string | undefined;
}

/** Where the folders of a run are: given, or in the deposit. */
async function withFolders(run: DepositRun, data: string, options: ReplayArchiveOptions): Promise<ChosenRun> {
  const folders = new Map<string, string>();
  for (const { target, folder } of options.with ?? []) {
    const mount = target === undefined ? run.mounts[0] : run.mounts.find((each) => each.target === target);
    if (mount === undefined || (target === undefined && run.mounts.length !== 1))
      throw new ArchiveError(
        'ARCHIVE_BAD_INPUT',
        `the run '${run.name}' has ${run.mounts.length === 0 ? 'no mounts' : `the mounts ${run.mounts.map((each) => each.target).join(', ')}`}`,
        { hint: 'Say which one the folder takes the place of: TARGET=DIR.' },
      );
    const isFolder = await stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) throw new ArchiveError('ARCHIVE_BAD_INPUT', `there is no folder ${folder}`);
    folders.set(mount.target, resolve(folder));
  }
  for (const { target, at } of run.mounts)
    if (at !== undefined && !folders.has(target)) folders.set(target, join(data, at));
  const missing = run.mounts.find(({ target }) => !folders.has(target));
  const notReplayed =
    run.notReplayed ??
    (missing && `the deposit has no copy of what it has mounted at ${missing.target}: give a folder`) ??
    (run.samples.length === 0 ? 'nothing is expected of it' : undefined);
  return {
    run,
    ...(notReplayed !== undefined && { notReplayed }),
    folderOf: ({ target }) => folders.get(target),
  };
}

type Where = Awaited<ReturnType<typeof compareRuns>>['masked'][number]['where'];

function printPlace(where: Where): string {
  if (typeof where === 'string')
    return {
      stdout: 'standard output',
      stderr: 'standard error',
      'exit-status': 'exit status',
      'file-names': 'names of files',
    }[where];
  return 'path' in where ? printPath(where.path) : `${where.step}: ${where.aspect}`;
}
