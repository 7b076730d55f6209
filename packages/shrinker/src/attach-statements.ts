import { join } from 'node:path';
import type { Hardening } from '@keepset/hardening';
import type { Attach } from '@keepset/image-builder';
import type { Findings } from '@keepset/inventory';
import {
  ManifestError,
  readManifest,
  type SigningKey,
  type StoredManifest,
  toAttached,
  toProvenance,
  toStatement,
  toVexStatement,
  writeManifest,
  writeVex,
} from '@keepset/manifest';
import type { HeldOutRun } from './proof/held-out.js';
import { type ResultParts, type ResultWords, toManifest } from './shrink-result.js';
import type { ReadSource } from './source/open-source.js';

/** What is said of a result where it goes as an OCI image or to a registry: in-toto statements. */
export interface StatementOptions {
  /** What the runs did: the runtime trace. Default false. */
  readonly attest?: boolean;
  /** How it was made: SLSA's provenance. Default false. */
  readonly provenance?: boolean;
  /** Which of a scanner's findings about the source are gone with the files: OpenVEX. Default none. */
  readonly vex?: { readonly findings: Findings; readonly author: string; readonly createdAt: string };
  /** Signs each: it is then in a DSSE envelope. Default: none is signed. */
  readonly signingKey?: SigningKey;
}

/** @returns undefined where nothing is to be said */
export function attachStatements(
  source: ReadSource,
  options: StatementOptions & ResultWords,
  parts: Pick<ResultParts, 'planned' | 'proof' | 'inventory'> & {
    readonly heldOut: readonly HeldOutRun[];
    readonly hardening: Hardening | undefined;
    readonly folder: string;
  },
): Attach | undefined {
  const { attest = false, provenance = false, vex, signingKey, version } = options;
  if (!attest && !provenance && vex === undefined) return undefined;
  return async (manifestDigest) => {
    const manifest = await manifestOf(source, options, parts, manifestDigest);
    const attached = (name: string, statement: string | undefined) =>
      statement === undefined ? [] : [toAttached(name, statement, signingKey)];
    return [
      ...attached('runtime-trace', attest ? toStatement(manifest, version) : undefined),
      ...attached('provenance', provenance ? toProvenance(manifest, version) : undefined),
      ...attached('vex', vex && vexOf(manifest, vex, version)),
    ];
  };
}

/** What is written down later, as far as it is known while the image goes out. */
async function manifestOf(
  source: ReadSource,
  options: ResultWords,
  { folder, heldOut, hardening, ...parts }: Parameters<typeof attachStatements>[2],
  manifestDigest: string,
): Promise<StoredManifest> {
  const { image } = parts.proof.result;
  const published = { image, details: undefined, pushed: [], manifestDigest, heldOut, hardening };
  const file = join(folder, `${manifestDigest.replace(':', '-')}.manifest.json`);
  await writeManifest(await toManifest(source, options, { ...parts, published }), file);
  return await readManifest(file);
}

/** A document that says nothing is none. */
function vexOf(
  manifest: StoredManifest,
  { findings, ...options }: NonNullable<StatementOptions['vex']>,
  toolVersion: string,
): string | undefined {
  try {
    const { document } = writeVex(manifest, findings, { ...options, toolVersion });
    return toVexStatement(manifest, document);
  } catch (error) {
    if (error instanceof ManifestError && error.code === 'NOTHING_TO_SAY') return undefined;
    throw error;
  }
}
