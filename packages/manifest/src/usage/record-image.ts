import { printPath } from '@keepset/strace-parser';
import type { FileListing } from '../listing/file-listing.js';
import { EntryTable } from '../record/entry-table.js';
import { type StoredInventory, type StoredManifest, toAnswer } from '../record/read-manifest.js';

/** What a manifest tells of the paths and packages of its source. */
export type ImageRecord = Pick<StoredManifest, 'entries' | 'kept' | 'inventory' | 'readLinks'>;

/**
 * An image as a manifest would have it that knows nothing of runs: everything is kept, and nothing was used.
 *
 * @example
 * const unowned = { files: 0, sizeBytes: 0 };
 * recordImage({ files: new Map() }, { system: {}, packages: [], unowned, warnings: [] }).entries.size // 0
 */
export function recordImage(
  { files }: Pick<FileListing, 'files'>,
  { system, packages, unowned, warnings }: StoredInventory,
): ImageRecord {
  const entries = new EntryTable();
  for (const [path, { type = '', sizeBytes = 0, mode, uid, gid, mtimeSeconds, ...facts }] of files)
    entries.set(
      {
        path: printPath(path),
        type,
        sizeBytes,
        owners: facts.owners,
        ...(mode !== undefined && { mode }),
        ...(uid !== undefined && { uid }),
        ...(gid !== undefined && { gid }),
        ...(mtimeSeconds !== undefined && { mtimeSeconds }),
        ...(facts.linkTarget !== undefined && { linkTarget: printPath(facts.linkTarget) }),
        ...(facts.hardLinkTo !== undefined && { hardLinkTo: printPath(facts.hardLinkTo) }),
        ...(facts.sha256 !== undefined && { sha256: facts.sha256 }),
      },
      NO_REASONS,
    );
  return {
    entries,
    inventory: { system, packages, unowned, warnings },
    kept: { get: (path) => (entries.has(path) ? { reasons: [] } : undefined) },
    readLinks: async (paths) => paths.map((path) => toAnswer(entries.get(path))),
  };
}

/** JSON. */
const NO_REASONS = '[]';
