import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readManifest, writeBill } from '@keepset/manifest';
import type { SBOM } from '../definitions/sbom.js';
import { createdOf } from '../inputs/created-of.js';
import { manifestFiles, nameIn, namesSeveral } from '../inputs/manifest-files.js';
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
    const bill = await billOf(word);
    if (output === undefined) await console.writeOut(bill);
    else await writeTo(output, bill);
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
      await writeTo(join(output, `${nameIn(found, file)}${ENDINGS[format]}`), await billOf(file));
      count++;
    });
  console.writeError(`keepset: ${formatCount(count)} bills of materials in ${plainLine(output)}\n`);
}

/** @throws UsageError  something is in its way */
async function writeTo(file: string, bill: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bill);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOSPC', 'EDQUOT'].includes(code)) throw error;
    throw new UsageError(`-o: cannot write ${plainLine(file)} (${code})`);
  }
}
