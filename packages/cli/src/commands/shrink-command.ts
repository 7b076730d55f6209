import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { WrittenArchive, writeArchive } from '@keepset/archive';
import type { Engine } from '@keepset/docker-engine';
import { writeManifest } from '@keepset/manifest';
import { type ShrinkOptions, type ShrinkResult, shrink } from '@keepset/shrinker';
import type { SHRINK } from '../definitions/shrink.js';
import { openNamedImage } from '../images/open-named-image.js';
import { requirePushable } from '../images/require-pushable.js';
import { readFindings } from '../inputs/checked/read-findings.js';
import { readKeyFile } from '../inputs/checked/read-key-file.js';
import { readSharedLayers } from '../inputs/checked/read-shared-layers.js';
import type { ArchiveWords } from '../inputs/checked/to-archive-request.js';
import { createdOf } from '../inputs/created-of.js';
import { engineForResult } from '../inputs/engine-for-result.js';
import { engineOf } from '../inputs/engine-of.js';
import { openSessionFolder } from '../inputs/session-folder.js';
import { takesStandardOutput, toOutputs } from '../inputs/to-output-arguments.js';
import { type ShrinkArguments, toShrinkArguments } from '../inputs/to-shrink-arguments.js';
import { completeRun, toTraceOptions } from '../inputs/to-trace-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { describeError } from '../terminal/describe-error.js';
import { createProgress } from '../terminal/progress.js';
import { runStreams } from '../terminal/run-streams.js';
import { toJson, toText } from '../terminal/summary.js';
import { VERSION } from '../version.js';
import { archiveJson, archiveText } from './archive/archive-text.js';
import { writeHardening } from './rights/write-hardening.js';
import { writeReport } from './write-report.js';
import { writeResultFiles } from './write-result-files.js';

/** `keepset shrink`: options in, text out; the work is the shrinker's. */
export async function shrinkCommand(
  line: CommandLineOf<typeof SHRINK>,
  console: Console,
): Promise<undefined> {
  try {
    await shrinkAny(line, console);
  } catch (error) {
    if (line.options.json === true) await console.writeOut(`${JSON.stringify(failureJson(error))}\n`);
    throw error;
  }
}

/** Why there is no result, for scripts. */
function failureJson(error: unknown): object {
  const { code, message, hint } = describeError(error);
  return { error: { code, message, ...(hint !== undefined && { hint }) } };
}

async function shrinkAny(line: CommandLineOf<typeof SHRINK>, console: Console): Promise<undefined> {
  const { recorded } = line.options;
  if (recorded !== undefined) {
    const { shrinkRecorded } = await import('./recording/shrink-recorded.js');
    return await shrinkRecorded(recorded, line, console);
  }
  const { compose } = line.options;
  if (compose !== undefined) {
    const { shrinkComposed } = await import('./recording/shrink-composed.js');
    return await shrinkComposed(compose, line, console);
  }
  const command = await toShrinkArguments(line, console);
  // It waits for an engine and a disk: here memory counts more than speed (20 MB of 150; diffs take a fifth longer).
  setFlagsFromString('--optimize-for-size');
  const request = toRequest(command, console);
  const { archive: words } = command;
  const { toolbox } = line.options;
  const deposit = words && (await openDeposit({ ...words, toolbox, signFile: command.signFile }, console));
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
  // An engine's session has one.
  using _folder = engine === undefined ? openSessionFolder() : undefined;
  const image = named?.kind === 'engine' ? named.name : name;
  const wanted = {
    ...request,
    ...(image !== '' && { image }),
    ...(source !== undefined && { source }),
  };
  if (deposit !== undefined && engine === undefined)
    throw new UsageError('--archive runs the result, and no engine answers', 'Start one, or leave it out.');
  try {
    const result = await shrink(engine, wanted, streams);
    const archive =
      deposit && engine && ((manifest: string) => deposit(engine, manifest, { onEvent: progress.onEvent }));
    const written = await writeRecords(result, command, archive);
    await writeResult(result, command, console, written);
  } finally {
    progress.clear();
  }
}

/** @throws UsageError */
function toRequest(command: ShrinkArguments, console: Console): ShrinkOptions {
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const checks = (command.verify.checks ?? []).map((run) => completeRun(run, command, console.environment));
  const { tags, changes, push, builder, from, layers, metadata, sbom, remainder, locked } = command;
  const { attest, provenance, vexFile, layersFrom } = command;
  const signingKey = readKeyFile(command.signFile, '--sign');
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
    inventory: [command.manifestFile, command.reportFile, command.archive].some((each) => each !== undefined),
    layers,
    ...(layersFrom !== undefined && { sharedLayers: readSharedLayers(layersFrom, '--layers-from') }),
    metadata,
    sbom,
    attest,
    provenance,
    ...(vexFile !== undefined && {
      vex: {
        findings: readFindings(vexFile, '--vex'),
        author: 'keepset',
        createdAt: created ?? new Date().toISOString(),
      },
    }),
    ...(signingKey && { signingKey }),
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

async function writeResult(
  result: ShrinkResult,
  command: ShrinkArguments,
  console: Console,
  written: WrittenArchive | undefined,
): Promise<void> {
  if (result.hardening !== undefined && command.harden?.folder !== undefined)
    await writeHardening(result.hardening, command.harden.folder);
  await writeResultFiles(result, command, command.tags);
  if (command.json)
    await console.writeOut(
      `${JSON.stringify({ ...toJson(result, command), ...(written && { archive: archiveJson(written) }) })}\n`,
    );
  else if (command.quiet) await console.writeOut(`${result.id}\n`);
  else {
    console.writeError(toText(result, command, { columns: console.columns, colored: isColored(console) }));
    if (written !== undefined) console.writeError(archiveText(written, command.archive?.destination ?? ''));
  }
}

/** @see https://no-color.org */
function isColored({ errorIsTty, environment }: Console): boolean {
  return errorIsTty && !environment.NO_COLOR;
}

/** Pages and deposits are made of the manifest, whether or not somebody wants that. */
async function writeRecords(
  { keepList, manifest }: ShrinkResult,
  { keepListFile, manifestFile, reportFile }: ShrinkArguments,
  archive: ((manifest: string) => Promise<WrittenArchive>) | undefined,
): Promise<WrittenArchive | undefined> {
  if (keepListFile !== undefined) await writeFile(keepListFile, keepList);
  if (manifestFile === undefined && reportFile === undefined && archive === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'keepset-manifest-'));
  try {
    const file = manifestFile ?? join(folder, 'manifest.json');
    await writeManifest(manifest, file);
    if (reportFile !== undefined) await writeReport(file, reportFile);
    return await archive?.(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is wrong with what was said of a deposit shows before anything is run. @throws UsageError */
async function openDeposit(words: ArchiveWords, console: Console) {
  const { toArchiveRequest } = await import('../inputs/checked/to-archive-request.js');
  const request = toArchiveRequest(words, '--archive', console);
  return async (engine: Engine, manifest: string, streams: Parameters<typeof writeArchive>[2]) => {
    const { writeArchive } = await import('@keepset/archive');
    return await writeArchive(engine, { ...request, manifests: [manifest] }, streams);
  };
}
