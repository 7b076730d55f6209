import { type VerdictLevel, verdictOf } from '../record/verification.js';
import { type CompareOptions, compareListings, type ListingDifference } from './compare-listings.js';
import { amountOf } from './file-listing.js';
import { readManifestListings } from './read-listings.js';

/** A result as a whole. */
export interface ResultFacts {
  /** Of its image. */
  readonly sizeBytes: number;
  readonly verdict: VerdictLevel;
}

/** In what two results differ: as wholes, and in their files. */
export interface ResultDifference {
  readonly before: ResultFacts;
  readonly after: ResultFacts;
  readonly files: ListingDifference;
}

/**
 * Compare the results of two manifests; both are held.
 *
 * @throws ManifestError MANIFEST_INVALID
 * @example
 * const { before, after, files } = await compareResults('monday.json', 'friday.json');
 * after.sizeBytes - before.sizeBytes;
 * files.packages?.length;
 */
export async function compareResults(
  before: string,
  after: string,
  options: CompareOptions = {},
): Promise<ResultDifference> {
  const one = await readResult(before);
  const other = await readResult(after);
  return {
    before: one.facts,
    after: other.facts,
    files: compareListings(one.listing, other.listing, options),
  };
}

/**
 * What a manifest says of its result as a whole.
 *
 * @throws ManifestError MANIFEST_INVALID
 */
export async function readResultFacts(file: string): Promise<ResultFacts> {
  return (await readResult(file)).facts;
}

async function readResult(file: string) {
  const { result: listing, rest } = await readManifestListings(file, 'result');
  const sizeBytes = rest.result.sizeBytes ?? amountOf(listing.files).sizeBytes;
  return { listing, facts: { sizeBytes, verdict: verdictOf(rest) } };
}
