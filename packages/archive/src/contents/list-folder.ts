import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DepositFile } from '../deposit/deposit.js';
import { requireMemberName } from './member-name.js';

/**
 * The regular files of a folder and below, hashed, sorted by path. Links and devices are passed over.
 *
 * @throws ArchiveError ARCHIVE_INVALID  a name is not the plain name of anything
 */
export async function listFolder(folder: string, below = ''): Promise<readonly DepositFile[]> {
  const files: DepositFile[] = [];
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries) {
    const path = requireMemberName(below === '' ? entry.name : `${below}/${entry.name}`);
    if (entry.isDirectory()) files.push(...(await listFolder(folder, path)));
    else if (entry.isFile()) files.push({ path, ...(await hashFile(join(folder, path))) });
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** In constant memory. */
async function hashFile(file: string): Promise<Omit<DepositFile, 'path'>> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { sha256: hash.digest('hex'), sizeBytes: (await stat(file)).size };
}
