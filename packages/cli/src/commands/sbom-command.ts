import { readManifest, writeBill } from '@keepset/manifest';
import type { SBOM } from '../definitions/sbom.js';
import { createdOf } from '../inputs/created-of.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';

/** `keepset sbom`: needs no engine. */
export async function sbomCommand(
  { options: { format }, operands: [file] }: CommandLineOf<typeof SBOM>,
  console: Console,
): Promise<undefined> {
  const createdAt = createdOf(console.environment.SOURCE_DATE_EPOCH) ?? new Date().toISOString();
  const manifest = await readManifest(file, { side: 'kept' });
  await console.writeOut(await writeBill(manifest, { format, toolVersion: VERSION, createdAt }));
}
