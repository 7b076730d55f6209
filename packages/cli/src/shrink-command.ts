import { writeFile } from 'node:fs/promises';
import { type ShrinkResult, shrink, writeManifest } from '@keepset/shrinker';
import type { Console } from './console.js';
import { createdOf } from './created-of.js';
import { engineOf } from './engine-of.js';
import { takesStandardOutput, toOutputs } from './output-options.js';
import { parseShrink, type ShrinkCommand } from './parse-shrink.js';
import { createProgress } from './progress.js';
import { toSourceRequest } from './source-request.js';
import { toJson, toText } from './summary.js';
import { writeResultFiles } from './write-result-files.js';

/** `keepset shrink`: flags in, text out; the work is the shrinker's. */
export async function shrinkCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const command = await parseShrink(args, console, console.columns);
  if (typeof command === 'string') return void (await console.writeOut(`${command}\n`));
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
        layers: command.layers,
        ...(command.remainder !== undefined && { remainder: command.remainder }),
        inventory: command.manifestFile !== undefined,
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
  await writeResultFiles(result, command, command.tags);
  if (command.json) await console.writeOut(`${JSON.stringify(toJson(result, command.tags))}\n`);
  else if (command.quiet) await console.writeOut(`${result.id}\n`);
  else console.writeError(toText(result, command));
}
