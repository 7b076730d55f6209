import { writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { type Replay, type ReplayedRun, replayArchive } from '@keepset/archive';
import type { REPLAY } from '../../definitions/replay.js';
import { engineOf } from '../../inputs/engine-of.js';
import { requireWritable } from '../../inputs/require-writable.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { createProgress } from '../../terminal/progress.js';

/** `keepset replay`: the verdict goes to standard output. */
export async function replayCommand(
  { options, operands: [path] }: CommandLineOf<typeof REPLAY>,
  console: Console,
): Promise<number | undefined> {
  const { run, quiet, json, report } = options;
  requireWritable(report, '--report');
  const request = {
    ...(run !== undefined && { run }),
    with: options.with.map(toFolder),
    withPage: report !== undefined,
    toolbox: toolboxOptions(options.toolbox, console),
  };
  // It waits for an engine and a disk: here memory counts more than speed.
  setFlagsFromString('--optimize-for-size');
  const progress = await createProgress(console, quiet === true || json === true);
  await using engine = await engineOf(console);
  try {
    const { page, ...replay } = await replayArchive(engine, path, request, { onEvent: progress.onEvent });
    if (report !== undefined && page !== undefined) await writeFile(report, page);
    if (json === true) await console.writeOut(`${JSON.stringify(replay)}\n`);
    else if (quiet !== true || !replay.same) await console.writeOut(toText(replay));
    return replay.same ? undefined : BEHAVES_OTHERWISE;
  } finally {
    progress.clear();
  }
}

const BEHAVES_OTHERWISE = 3;

/** @example toFolder('/data=./mine') // { target: '/data', folder: './mine' } */
function toFolder(text: string): { readonly target?: string; readonly folder: string } {
  const [, target, folder] = /^(\/[^=]*)=(.+)$/s.exec(text) ?? [];
  return target === undefined || folder === undefined ? { folder: text } : { target, folder };
}

function toText({ runs }: Replay): readonly string[] {
  return runs.flatMap((run) => [`${plainLine(run.name)}: ${verdictOf(run)}\n`, ...detailsOf(run)]);
}

function verdictOf({ notReplayed, differences, masked, notCompared, dated }: ReplayedRun): string {
  if (notReplayed !== undefined) return `not run: ${plainLine(notReplayed)}`;
  if (differences.length > 0) return 'not the same';
  return masked.length + notCompared.length + dated.length === 0
    ? 'the same exit status, output and files'
    : 'the same in all that was compared';
}

function detailsOf({ differences, masked, notCompared, notAsked, dated }: ReplayedRun): readonly string[] {
  return [
    ...differences,
    ...dated.map((place) => `the date of the run stands in ${place}: today's instead of the recorded one`),
    ...masked.map((place) => `${place} varies by chance: compared in what stays`),
    ...notCompared.map((place) => `not compared: ${place}`),
    ...notAsked.map((probe) => `not asked again, since it ran beside the image: probe '${probe}'`),
  ].map((line) => `  ${plainLine(line)}\n`);
}
