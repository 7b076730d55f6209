import { setImmediate as nextTurn } from 'node:timers/promises';
import { javaArchives } from './java/java-archives.js';
import { byteText, type Claim, type ContentReader, type Databases } from './package-reader.js';
import { programs } from './programs/programs.js';
import type { InventorySource } from './read-inventory.js';

const CONTENT_READERS: readonly ContentReader[] = [javaArchives, programs];

/** A larger file is not read: a warning says so. */
const FILE_BYTES_MAX = 128 * 1024 * 1024;
/** Files are read in groups of about so many bytes: no more than that and one file are held at a time. */
const GROUP_BYTES = 32 * 1024 * 1024;

/**
 * The packages that archives and programs tell of themselves.
 *
 * Candidates are chosen by name, mode and size, then by their first bytes; only those are read whole, a group at a
 * time. A file that cannot be understood, or is larger than 128 MiB, is a warning.
 *
 * @param options.isSystems  whether a distribution's package owns a path
 * @throws only what `source.readFiles` throws
 */
export async function readContents(
  source: InventorySource,
  { isSystems, warn }: { readonly isSystems: (path: string) => boolean; readonly warn: Databases['warn'] },
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const group of toGroups(await findContents(source, isSystems), warn)) {
    const contents = await source.readFiles(group.map(({ path }) => path));
    for (const [index, { path, reader }] of group.entries()) {
      const content = contents[index];
      if (content === undefined) {
        warn({ path, message: 'cannot be read' });
        continue;
      }
      await nextTurn();
      try {
        for await (const each of reader.read(path, content, warn))
          claims.push({ package: each, paths: [path] });
      } catch (error) {
        warn({ path, message: `not understood: ${(error as Error).message}` });
      }
    }
  }
  return claims;
}

interface Content {
  readonly path: string;
  readonly sizeBytes: number;
  readonly reader: ContentReader;
}

/** The candidates whose first bytes are right. */
async function findContents(
  { tree, readFiles }: InventorySource,
  isSystems: (path: string) => boolean,
): Promise<readonly Content[]> {
  const candidates: Content[] = [];
  for (const entry of tree.entries()) {
    if (entry.type !== 'file') continue;
    const reader = CONTENT_READERS.find((each) => each.isCandidate(entry));
    if (reader === undefined || (reader.passesOverSystem && isSystems(entry.path))) continue;
    candidates.push({ path: entry.path, sizeBytes: entry.sizeBytes, reader });
  }
  if (candidates.length === 0) return [];
  const magicBytes = Math.max(...CONTENT_READERS.map(({ magic }) => magic.length));
  const heads = await readFiles(
    candidates.map(({ path }) => path),
    magicBytes,
  );
  return candidates.filter(({ reader }, index) =>
    byteText(heads[index]?.subarray(0, magicBytes) ?? new Uint8Array()).startsWith(reader.magic),
  );
}

function* toGroups(contents: readonly Content[], warn: Databases['warn']): Iterable<readonly Content[]> {
  let [group, groupBytes]: [Content[], number] = [[], 0];
  for (const content of contents) {
    if (content.sizeBytes > FILE_BYTES_MAX) {
      warn({ path: content.path, message: 'larger than 128 MiB: what packages are in it is not read' });
      continue;
    }
    if (group.length > 0 && groupBytes + content.sizeBytes > GROUP_BYTES) {
      yield group;
      [group, groupBytes] = [[], 0];
    }
    group.push(content);
    groupBytes += content.sizeBytes;
  }
  if (group.length > 0) yield group;
}
