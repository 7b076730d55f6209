import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { writeManifest } from '@keepset/manifest';
import { type ShrinkOptions, type ShrinkResult, shrink } from '@keepset/shrinker';
import type { SHRINK } from '../definitions/shrink.js';
import { openNamedImage } from '../images/open-named-image.js';
import { requirePushable } from '../images/require-pushable.js';
import { createdOf } from '../inputs/created-of.js';
import { engineForResult } from '../inputs/engine-for-result.js';
import { engineOf } from '../inputs/engine-of.js';
import { takesStandardOutput, toOutputs } from '../inputs/to-output-arguments.js';
import { type ShrinkArguments, toShrinkArguments } from '../inputs/to-shrink-arguments.js';
import { completeRun, toTraceOptions } from '../inputs/to-trace-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { createProgress } from '../terminal/progress.js';
import { runStreams } from '../terminal/run-streams.js';
import { toJson, toText } from '../terminal/summary.js';
import { VERSION } from '../version.js';
import { writeHardening } from './rights/write-hardening.js';
import { writeReport } from './write-report.js';
import { writeResultFiles } from './write-result-files.js';

/** `keepset shrink`: options in, text out; the work is the shrinker's. */
export async function shrinkCommand(
  line: CommandLineOf<typeof SHRINK>,
  console: Console,
): Promise<undefined> {
  const { recorded } = line.options;
  if (recorded !== undefined) {
    const { shrinkRecorded } = await import('./recording/shrink-recorded.js');
    return await shrinkRecorded(recorded, line, console);
  }
  const command = await toShrinkArguments(line, console);
  // It waits for an engine and a disk: here memory counts more than speed (20 MB of 150; diffs take a fifth longer).
  setFlagsFromString('--optimize-for-size');
  const request = toRequest(command, console);
  await requirePushable(request.outputs ?? []);
  const progress = await createProgress(console, command.quiet || command.json);
  // Standard output is for what --json and -o write there.
  const isTaken = command.json || takesStandardOutput(command.outputs);
  const streams = runStreams(console, {
    progress,
    isQuiet: command.quiet,
    standardOutput: isTaken ? 'error' : 'out',
  });
  const { image: name, run, insecure } = command;
  const named =
    name === ''
      ? undefined
      : await openNamedImage(name, { platform: run.platform, insecure, leavesFiles: true }, console);
  await using source = named?.kind === 'source' ? named.source : undefined;
  await using engine =
    source === undefined ? await engineOf(console) : await engineForResult(command, console);
  const image = named?.kind === 'engine' ? named.name : name;
  const wanted = {
    ...request,
    ...(image !== '' && { image }),
    ...(source !== undefined && { source }),
  };
  try {
    const result = await shrink(engine, wanted, streams);
    await writeResult(result, command, console);
  } finally {
    progress.clear();
  }
}

/** @throws UsageError */
function toRequest(command: ShrinkArguments, console: Console): ShrinkOptions {
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const checks = (command.verify.checks ?? []).map((run) => completeRun(run, command, console.environment));
  const { tags, changes, push, builder, from, layers, metadata, sbom, remainder, locked } = command;
  // Opened apart, since it may be no engine's.
  const { image, ...traceOptions } = toTraceOptions(command, console);
  return {
    ...traceOptions,
    ...command.verify,
    ...(checks.length > 0 && { checks }),
    ...(command.harden !== undefined && { harden: { families: command.harden.families } }),
    tags,
    changes,
    push,
    outputs: toOutputs(command, console),
    builder,
    inventory: command.manifestFile !== undefined || command.reportFile !== undefined,
    layers,
    metadata,
    sbom,
    ...(from !== undefined && {
      from: {
        files: from,
        options: command.run,
        steps: command.service?.steps ?? [],
        trust: command.trust,
        probeEnvironment: console.environment,
      },
    }),
    ...(remainder !== undefined && { remainder }),
    ...(locked !== undefined && { locked }),
    ...(created !== undefined && { created }),
    version: VERSION,
  };
}

async function writeResult(result: ShrinkResult, command: ShrinkArguments, console: Console): Promise<void> {
  if (command.keepListFile !== undefined) await writeFile(command.keepListFile, result.keepList);
  if (command.manifestFile !== undefined) await writeManifest(result.manifest, command.manifestFile);
  if (command.reportFile !== undefined) await writeShrinkReport(result, command, command.reportFile);
  if (result.hardening !== undefined && command.harden?.folder !== undefined)
    await writeHardening(result.hardening, command.harden.folder);
  await writeResultFiles(result, command, command.tags);
  if (command.json) await console.writeOut(`${JSON.stringify(toJson(result, command))}\n`);
  else if (command.quiet) await console.writeOut(`${result.id}\n`);
  else console.writeError(toText(result, command, { columns: console.columns, colored: isColored(console) }));
}

/** @see https://no-color.org */
function isColored({ errorIsTty, environment }: Console): boolean {
  return errorIsTty && !environment.NO_COLOR;
}

/** The page is made of the manifest, whether or not somebody wants that. */
async function writeShrinkReport(
  { manifest }: ShrinkResult,
  { manifestFile }: ShrinkArguments,
  reportFile: string,
): Promise<void> {
  if (manifestFile !== undefined) return await writeReport(manifestFile, reportFile);
  const folder = await mkdtemp(join(tmpdir(), 'keepset-report-'));
  try {
    const file = join(folder, 'manifest.json');
    await writeManifest(manifest, file);
    await writeReport(file, reportFile);
  } finally {
    await rm(folder, { recursive: true });
  }
}
