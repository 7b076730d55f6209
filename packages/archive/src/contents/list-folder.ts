import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '@keepset/shrinker';
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
    else if (entry.isFile()) {
      const file = join(folder, path);
      files.push({ path, sha256: await hashFile(file), sizeBytes: (await stat(file)).size });
    }
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}
