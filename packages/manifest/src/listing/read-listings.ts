import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseKeepList } from '@keepset/keep-planner';
import { EntryTable, type StoredPath } from '../record/entry-table.js';
import { mapValues } from '../record/lazy-map.js';
import { type ManifestRest, scanManifest } from '../record/scan-manifest.js';
import type { FileFacts, FileListing } from './file-listing.js';

/** Both images of a manifest. */
interface ManifestListings {
  readonly source: FileListing;
  readonly result: FileListing;
  readonly rest: ManifestRest;
}

/**
 * What is wanted of a manifest: one of its images alone takes half the memory. `runs`: of the result what its runs need,
 * without what is there for scanners alone.
 */
type ListingSide = 'source' | 'result' | 'both' | 'runs';

/**
 * The files of a manifest's source and result.
 *
 * @throws ManifestError MANIFEST_INVALID
 */
export async function readManifestListings(
  file: string,
  side: ListingSide = 'both',
): Promise<ManifestListings> {
  const source = new EntryTable();
  const result = new EntryTable();
  const ofResult = new Set<number>();
  const rest = await scanManifest(file, (entry, reasons) => {
    const isKept = reasons !== undefined;
    if ((side === 'result' || side === 'runs') && !isKept) return;
    if (side === 'runs' && isForScanners(reasons)) return;
    if (side === 'source' || side === 'both') source.set(entry, undefined);
    if (!isKept) return;
    if (entry.type !== 'directory') for (const owner of entry.owners ?? []) ofResult.add(owner);
    if (side !== 'source') result.set(entry, undefined);
  });
  if (side === 'result' || side === 'both')
    for (const entry of rest.generated ?? []) result.set(entry, undefined);
  const { packages } = rest;
  return {
    source: { files: mapValues(source, toSourceFacts), packages },
    result: {
      files: mapValues(result, toResultFacts),
      packages: packages?.map((each, index) => (ofResult.has(index) ? each : undefined)),
    },
    rest,
  };
}

/** @param reasons  of an entry, as JSON text */
function isForScanners(reasons: string | undefined): boolean {
  if (!reasons?.includes('"metadata"')) return false;
  return (JSON.parse(reasons) as readonly { readonly rule?: string }[]).every(
    ({ rule }) => rule === 'metadata',
  );
}

/**
 * The files of a keep list, or of a manifest's result.
 *
 * @throws ManifestError MANIFEST_INVALID; PlanError PLAN_BAD_KEEP_LIST
 */
export async function readFileListing(file: string): Promise<FileListing> {
  if (await isManifest(file)) return (await readManifestListings(file, 'result')).result;
  const entries = parseKeepList(await readFile(file, 'utf8'));
  return { files: new Map(entries.map(({ path }) => [path, NOTHING_KNOWN])), packages: undefined };
}

/** A keep list has an absolute path or a comment on each line, and no brace before the first. */
export async function isManifest(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const first = /\S/.exec(chunk as string)?.[0];
    if (first !== undefined) return first !== '/' && first !== '#';
  }
  return false;
}

const NO_OWNERS: readonly number[] = [];

const NOTHING_KNOWN: FileFacts = {
  type: undefined,
  sizeBytes: undefined,
  mode: undefined,
  uid: undefined,
  gid: undefined,
  mtimeSeconds: undefined,
  linkTarget: undefined,
  hardLinkTo: undefined,
  sha256: undefined,
  owners: NO_OWNERS,
};

function toSourceFacts(entry: StoredPath): FileFacts {
  return toFacts(entry, entry.isStub ? entry.sourceSizeBytes : entry.sizeBytes);
}

function toResultFacts(entry: StoredPath): FileFacts {
  return toFacts(entry, entry.isStub ? 0 : entry.sizeBytes);
}

function toFacts(entry: StoredPath, sizeBytes: number | undefined): FileFacts {
  const { type, mode, uid, gid, mtimeSeconds, linkTarget, hardLinkTo, sha256, owners } = entry;
  const owner = { uid: mode === undefined ? undefined : uid, gid: mode === undefined ? undefined : gid };
  return { type, sizeBytes, mode, ...owner, mtimeSeconds, linkTarget, hardLinkTo, sha256, owners };
}
