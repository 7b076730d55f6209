import { verifyArchive, type WrittenArchive, writeArchive } from '@keepset/archive';
import { ARCHIVE } from '../definitions/archive.js';
import { readDepositMetadata } from '../inputs/checked/deposit-metadata.js';
import { createdOf } from '../inputs/created-of.js';
import { engineOf } from '../inputs/engine-of.js';
import { requireWritable } from '../inputs/require-writable.js';
import { passOn } from '../inputs/to-run-options.js';
import { toolboxOptions } from '../inputs/toolbox-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { plainLine } from '../terminal/plain-text.js';
import { createProgress } from '../terminal/progress.js';
import { VERSION } from '../version.js';

/** `keepset archive`. */
export async function archiveCommand(
  { options, operands: [manifest, ...others] }: CommandLineOf<typeof ARCHIVE>,
  console: Console,
): Promise<number | undefined> {
  const { output: destination, verify, metadata: metadataFile, quiet, json } = options;
  if (others.length > 0) throw new UsageError('one manifest makes one deposit', USAGE);
  if (verify !== undefined) {
    if (manifest !== undefined || destination !== undefined)
      throw new UsageError('--verify writes nothing, and takes no manifest', USAGE);
    return await check(verify, { quiet: quiet === true, json: json === true }, console);
  }
  if (manifest === undefined) throw new UsageError('no manifest given', USAGE);
  if (destination === undefined) throw new UsageError('the deposit has no place', USAGE);
  requireWritable(destination.replace(/\/+$/, ''), '-o');
  const metadata = metadataFile === undefined ? undefined : readDepositMetadata(metadataFile);
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const request = {
    manifest,
    destination,
    ...(metadata !== undefined && { metadata }),
    inputs: options.inputs,
    variables: options.env.flatMap((variable) => passOn(variable, console.environment)),
    ...(created !== undefined && { created }),
    toolbox: toolboxOptions(options.toolbox, console),
    version: VERSION,
  };
  const progress = await createProgress(console, quiet === true || json === true);
  await using engine = await engineOf(console);
  try {
    const written = await writeArchive(engine, request, { onEvent: progress.onEvent });
    if (json === true) await console.writeOut(`${JSON.stringify(toJson(written))}\n`);
    else if (quiet !== true) console.writeError(toText(written, destination));
    return;
  } finally {
    progress.clear();
  }
}

const USAGE = `It is 'keepset ${ARCHIVE.usage.join("', or 'keepset ")}'.`;
const FOUND = 1;

async function check(
  path: string,
  { quiet, json }: { readonly quiet: boolean; readonly json: boolean },
  console: Console,
): Promise<number | undefined> {
  const checked = await verifyArchive(path);
  const { files, sizeBytes, problems } = checked;
  if (json) await console.writeOut(`${JSON.stringify(checked)}\n`);
  else {
    await console.writeOut(problems.map((problem) => `${plainLine(problem)}\n`));
    if (problems.length > 0)
      console.writeError(`keepset: ${problems.length} things are wrong with ${plainLine(path)}\n`);
    else if (!quiet)
      console.writeError(`${files} files, ${formatBytes(sizeBytes)}: each is what was deposited\n`);
  }
  return problems.length > 0 ? FOUND : undefined;
}

function toJson({ runs, ...facts }: WrittenArchive): object {
  return {
    ...facts,
    runs: runs.map(({ name, notReplayed, samples }) => ({ name, notReplayed, samples: samples.length })),
  };
}

function toText(
  { files, sizeBytes, imageBytes, manifestDigest, runs }: WrittenArchive,
  destination: string,
): string {
  const rows = [
    ['written', `${plainLine(destination)}: ${files} files, ${formatBytes(sizeBytes)}`],
    ['image', `${formatBytes(imageBytes)}, ${manifestDigest}`],
    ...runs.map(({ name, notReplayed, samples }) => [
      'run',
      `${plainLine(name)}: ${notReplayed === undefined ? gives(samples.length) : `not run again: ${plainLine(notReplayed)}`}`,
    ]),
    ['check it', `keepset replay ${plainLine(destination)}`],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`).join('');
}

function gives(samples: number): string {
  return samples === 1 ? 'gives the same each time' : `varies by chance: ${samples} samples of it`;
}
