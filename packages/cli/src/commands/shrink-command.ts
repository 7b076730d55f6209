import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type ShrinkResult, shrink, writeManifest } from '@keepset/shrinker';
import { createdOf } from '../inputs/created-of.js';
import { engineOf } from '../inputs/engine-of.js';
import { takesStandardOutput, toOutputs } from '../inputs/to-output-arguments.js';
import { parseShrink, type ShrinkCommand } from '../inputs/to-shrink-arguments.js';
import { toSourceRequest } from '../inputs/to-source-request.js';
import type { Console } from '../terminal/console.js';
import { createProgress } from '../terminal/progress.js';
import { toJson, toText } from '../terminal/summary.js';
import { writeReport } from './write-report.js';
import { writeResultFiles } from './write-result-files.js';

/** `keepset shrink`: flags in, text out; the work is the shrinker's. */
export async function shrinkCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const command = await parseShrink(args, console, console.columns);
  if (typeof command === 'string') return void (await console.writeOut(`${command}\n`));
  // It waits for an engine and a disk: here memory counts more than speed (20 MB of 150; diffs take a fifth longer).
  setFlagsFromString('--optimize-for-size');
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const progress = createProgress(console, command.quiet || command.json);
  await using engine = await engineOf(console);
  try {
    const result = await shrink(
      engine,
      {
        ...toSourceRequest(command, console),
        tags: command.tags,
        changes: command.changes,
        push: command.push,
        outputs: toOutputs(command.outputs, console),
        ...command.verify,
        builder: command.builder,
        ...(command.from !== undefined && { from: command.from }),
        inventory: command.manifestFile !== undefined || command.reportFile !== undefined,
        layers: command.layers,
        metadata: command.metadata,
        sbom: command.sbom,
        ...(command.remainder !== undefined && { remainder: command.remainder }),
        ...(command.locked !== undefined && { locked: command.locked }),
        ...(created !== undefined && { created }),
        version,
      },
      {
        onEvent: progress.onEvent,
        async onOutput({ stream, bytes }) {
          // Quiet and JSON promise what standard output holds.
          if (command.quiet) return;
          progress.clear();
          await (stream === 'stderr' || command.json || takesStandardOutput(command.outputs)
            ? console.writeErrorBytes(bytes)
            : console.writeOutBytes(bytes));
        },
        stdin: console.stdin,
      },
    );
    await writeResult(result, command, console);
  } finally {
    progress.clear();
  }
}

async function writeResult(result: ShrinkResult, command: ShrinkCommand, console: Console): Promise<void> {
  if (command.keepListFile !== undefined) await writeFile(command.keepListFile, result.keepList);
  if (command.manifestFile !== undefined) await writeManifest(result.manifest, command.manifestFile);
  if (command.reportFile !== undefined) await writeShrinkReport(result, command, command.reportFile);
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
  { manifestFile }: ShrinkCommand,
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
