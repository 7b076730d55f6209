import { compareListings, type ListingDifference, readManifestListings, verdictOf } from '@keepset/manifest';

/** What a manifest says of the result, as far as a pipeline asks. */
export interface Facts {
  readonly source: { readonly reference: string | undefined; readonly sizeBytes: number };
  readonly result: {
    readonly reference: string | undefined;
    readonly id: string;
    /** By which registries know it; undefined where none was told of it. */
    readonly digest: string | undefined;
    readonly sizeBytes: number;
  };
  /** result / source */
  readonly ratio: number;
  /** verified, verified in part, not verified */
  readonly verdict: string;
  readonly entries: { readonly source: number; readonly result: number };
}

/** What became of the result since another manifest was written. */
export interface Changes {
  readonly before: Facts;
  readonly difference: ListingDifference;
  /** Bytes. */
  readonly growth: number;
}

interface Read extends Facts {
  readonly files: Awaited<ReturnType<typeof readManifestListings>>['result'];
}

/**
 * Read a manifest, and compare its result with that of another.
 *
 * @param previous  undefined: there is none to compare with
 * @throws ManifestError MANIFEST_INVALID
 */
export async function readFacts(
  manifest: string,
  previous: string | undefined,
): Promise<{ readonly facts: Facts; readonly changes: Changes | undefined }> {
  const facts = await readManifestFacts(manifest);
  if (previous === undefined) return { facts, changes: undefined };
  const before = await readManifestFacts(previous);
  const growth = facts.result.sizeBytes - before.result.sizeBytes;
  return { facts, changes: { before, difference: compareListings(before.files, facts.files), growth } };
}

async function readManifestFacts(file: string): Promise<Read> {
  const { source, result, rest } = await readManifestListings(file);
  const [sourceBytes, resultBytes] = [rest.source.sizeBytes ?? 0, rest.result.sizeBytes ?? 0];
  const pushed = rest.result.repositoryDigests?.[0]?.split('@')[1];
  return {
    source: { reference: rest.source.reference, sizeBytes: sourceBytes },
    result: {
      reference: rest.result.reference,
      id: rest.result.id,
      digest: pushed ?? rest.result.manifestDigest,
      sizeBytes: resultBytes,
    },
    ratio: sourceBytes === 0 ? 1 : resultBytes / sourceBytes,
    verdict: verdictOf(rest),
    entries: { source: source.files.size, result: result.files.size },
    files: result,
  };
}
