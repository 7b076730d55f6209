import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readManifest, writeBill } from '@keepset/manifest';
import type { SBOM } from '../definitions/sbom.js';
import { createdOf } from '../inputs/created-of.js';
import { manifestFiles, nameIn, namesSeveral } from '../inputs/manifest-files.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatCount } from '../terminal/format-count.js';
import { plainLine } from '../terminal/plain-text.js';
import { VERSION } from '../version.js';
import { passedOver } from './archives/passed-over.js';

/** By which scanners know what is in a file. */
const ENDINGS = { cyclonedx: '.cdx.json', spdx: '.spdx.json' } as const;

/** `keepset sbom`: needs no engine. */
export async function sbomCommand(
  { options: { format, output }, operands: [word] }: CommandLineOf<typeof SBOM>,
  console: Console,
): Promise<undefined> {
  const createdAt = createdOf(console.environment.SOURCE_DATE_EPOCH) ?? new Date().toISOString();
  const billOf = async (file: string) =>
    await writeBill(await readManifest(file, { side: 'kept' }), { format, toolVersion: VERSION, createdAt });
  if (!namesSeveral(word)) {
    requireWritable(output, '-o');
    const bill = await billOf(word);
    if (output === undefined) await console.writeOut(bill);
    else await writeFile(output, bill);
    return;
  }
  if (output === undefined)
    throw new UsageError(
      `'${plainLine(word)}' may have several results, and each has a bill of its own`,
      'Name a folder for them: -o DIR.',
    );
  const found = await manifestFiles(word, 'MANIFEST');
  let count = 0;
  for (const file of found.files)
    await passedOver(console, async () => {
      const bill = await billOf(file);
      const target = join(output, `${nameIn(found, file)}${ENDINGS[format]}`);
      await mkdirOf(target);
      await writeFile(target, bill);
      count++;
    });
  console.writeError(`keepset: ${formatCount(count)} bills of materials in ${plainLine(output)}\n`);
}

/** @throws UsageError */
async function mkdirOf(target: string): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`-o: cannot make the folder ${plainLine(dirname(target))} (${code})`);
  }
}
