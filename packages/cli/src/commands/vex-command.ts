import { readManifest, writeVex } from '@keepset/manifest';
import type { VEX } from '../definitions/vex.js';
import { readFindings } from '../inputs/checked/read-findings.js';
import { createdOf } from '../inputs/created-of.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';

const PRODUCT = /^pkg:oci\/[^@?]+@sha256(?::|%3A)[0-9a-f]{64}(?:\?.*)?$/;

/** `keepset vex`: needs no engine. */
export async function vexCommand(
  { options: { from, product: products, author }, operands: [file] }: CommandLineOf<typeof VEX>,
  console: Console,
): Promise<undefined> {
  const wrong = products.find((product) => !PRODUCT.test(product));
  if (wrong !== undefined) throw new UsageError(`--product: '${wrong}' is not pkg:oci/NAME@sha256:DIGEST`);
  const findings = readFindings(from, '--from');
  const { document, stated } = writeVex(await readManifest(file), findings, {
    ...(products.length > 0 && { products }),
    author,
    toolVersion: VERSION,
    createdAt: createdOf(console.environment.SOURCE_DATE_EPOCH) ?? new Date().toISOString(),
  });
  await console.writeOut(document);
  const total = new Set(findings.findings.map(({ vulnerability }) => vulnerability)).size;
  console.writeError(
    `keepset: ${stated} of ${total} vulnerabilities are in packages that the result does not have\n`,
  );
}
