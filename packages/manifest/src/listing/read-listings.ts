import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseKeepList } from '@keepset/keep-planner';
import { parsePrintedPath } from '@keepset/strace-parser';
import { type ManifestRest, type ScannedEntry, scanManifest } from '../record/scan-manifest.js';
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
  const source = new Map<string, FileFacts>();
  const result = new Map<string, FileFacts>();
  const ofResult = new Set<number>();
  const rest = await scanManifest(file, (entry, reasons) => {
    const isKept = reasons !== undefined;
    if ((side === 'result' || side === 'runs') && !isKept) return;
    if (side === 'runs' && isForScanners(reasons)) return;
    const path = parsePrintedPath(entry.path);
    const facts = toFacts(entry, entry.stub ? entry.sourceSizeBytes : entry.sizeBytes);
    if (side === 'source' || side === 'both') source.set(path, facts);
    if (!isKept) return;
    if (entry.type !== 'directory') for (const owner of facts.owners) ofResult.add(owner);
    if (side !== 'source') result.set(path, entry.stub ? toFacts(entry, 0) : facts);
  });
  if (side === 'result' || side === 'both')
    for (const entry of rest.generated ?? [])
      result.set(parsePrintedPath(entry.path), toFacts(entry, entry.sizeBytes));
  const { packages } = rest;
  return {
    source: { files: source, packages },
    result: {
      files: result,
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

function toFacts(entry: ScannedEntry, sizeBytes: number | undefined): FileFacts {
  const { type, mode, mtimeSeconds, linkTarget, hardLinkTo, owners = NO_OWNERS } = entry;
  // Where the mode is not told, an absent owner is not told either.
  const { uid = mode === undefined ? undefined : 0, gid = mode === undefined ? undefined : 0 } = entry;
  return {
    type,
    sizeBytes,
    mode,
    uid,
    gid,
    mtimeSeconds,
    linkTarget: linkTarget === undefined ? undefined : parsePrintedPath(linkTarget),
    hardLinkTo: hardLinkTo === undefined ? undefined : parsePrintedPath(hardLinkTo),
    sha256: entry.sha256,
    owners,
  };
}
