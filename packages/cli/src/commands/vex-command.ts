import { type Findings, readManifest, toFindings, writeVex } from '@keepset/shrinker';
import { createdOf } from '../inputs/created-of.js';
import { readTextFile } from '../inputs/read-text-file.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const GRAMMAR = {
  name: 'keepset vex',
  usage: `Usage: keepset vex --from FILE [OPTIONS] MANIFEST

Print, as OpenVEX, which vulnerabilities a result has not got because it has no file of the package.`,
  epilogue: `MANIFEST is what keepset shrink --manifest FILE wrote. Nothing is said of a package of which a file is kept, opened or
not, nor where kept files of no package bear its name. The time is now, or SOURCE_DATE_EPOCH.`,
  definitions: {
    from: {
      type: 'string',
      nargs: 1,
      description: 'What a scanner says of the source: JSON of grype or trivy, or records of the OSV format',
    },
    product: {
      type: 'string',
      array: true,
      nargs: 1,
      description: 'A PURL of the result, pkg:oci/NAME@sha256:DIGEST; by default by its name and digest',
    },
    author: { type: 'string', nargs: 1, description: 'Who says so (keepset by default)' },
  },
} as const;

const PRODUCT = /^pkg:oci\/[^@?]+@sha256(?::|%3A)[0-9a-f]{64}(?:\?.*)?$/;

/** `keepset vex`: needs no engine. */
export async function vexCommand(args: readonly string[], console: Console, version: string): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const [file, surplus] = parsed.rest;
  const from = parsed.options.from as string | undefined;
  if (file === undefined) throw new UsageError('no manifest given', "'keepset vex --from FILE MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  if (from === undefined)
    throw new UsageError(
      'no findings given',
      'Give what a scanner wrote with --from FILE (grype, trivy, OSV).',
    );
  const products = parsed.options.product as readonly string[] | undefined;
  const wrong = products?.find((product) => !PRODUCT.test(product));
  if (wrong !== undefined) throw new UsageError(`--product: '${wrong}' is no pkg:oci/NAME@sha256:DIGEST`);
  const findings = readFindings(from);
  const { document, stated } = writeVex(await readManifest(file), findings, {
    ...(products !== undefined && products.length > 0 && { products }),
    author: (parsed.options.author as string | undefined) ?? 'keepset',
    toolVersion: version,
    createdAt: createdOf(console.environment.SOURCE_DATE_EPOCH) ?? new Date().toISOString(),
  });
  await console.writeOut(document);
  const total = new Set(findings.findings.map(({ vulnerability }) => vulnerability)).size;
  console.writeError(`keepset: of ${stated} of ${total} vulnerabilities a package is not in the result\n`);
}

/** @throws UsageError  it holds something else */
function readFindings(file: string): Findings {
  let value: unknown;
  try {
    value = JSON.parse(readTextFile(file, '--from'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `--from: ${file} is not JSON`,
      "'grype -o json' and 'trivy --format json' write it.",
    );
  }
  const findings = toFindings(value);
  if (findings === undefined)
    throw new UsageError(
      `--from: ${file} is neither grype's nor trivy's JSON, nor records of the OSV format`,
      "'grype -o json' and 'trivy --format json' write it.",
    );
  return findings;
}
