import { join } from 'node:path';
import type { Query } from '@keepset/inventory';
import {
  type AffectedAnswer,
  answerQuery,
  ManifestError,
  openManifestIndex,
  readManifest,
} from '@keepset/manifest';
import { manifestFiles } from '../../inputs/manifest-files.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { silenceSqlite } from './silence-sqlite.js';

export interface ArchiveAnswer extends AffectedAnswer {
  /** Its file. */
  readonly manifest: string;
}

/** Beside the manifests: `*.json` does not name it. */
const INDEX_NAME = '.keepset-index.sqlite';
/** A folder of fewer is read as quickly. */
const INDEXED_FROM = 100;
/** So many are worth a word before they are read. */
const REPORTED_FROM = 500;

/**
 * What the manifests of a place answer. Large folders get an index, which takes in only what is new.
 *
 * @param place           file, folder or pattern
 * @param options.index   whether an index may be written beside them
 * @throws UsageError; ManifestError MANIFEST_INVALID  for a file that the user named; others are reported
 */
export async function answerArchive(
  place: string,
  queries: readonly Query[],
  { console, index: mayIndex }: { readonly console: Console; readonly index: boolean },
): Promise<readonly ArchiveAnswer[]> {
  const { files, root, isArchive } = await manifestFiles(place);
  const isIndexed = mayIndex && isArchive && files.length >= INDEXED_FROM;
  if (isIndexed) silenceSqlite();
  using index = isIndexed ? await openManifestIndex(join(root, INDEX_NAME)) : undefined;
  if (index === undefined) return await answerAll(files, queries, { console, place });
  const others = await index.refresh(files, (done, total) => {
    if (done === 1 && total >= REPORTED_FROM)
      console.writeError(`keepset: reading ${total} new manifests of ${plainLine(place)} into its index\n`);
  });
  const answers = await Array.fromAsync(index.answer(queries));
  return [...answers, ...(await answerAll(others, queries, { console, place }))];
}

async function answerAll(
  files: readonly string[],
  queries: readonly Query[],
  { console, place }: { readonly console: Console; readonly place: string },
): Promise<readonly ArchiveAnswer[]> {
  const answers: ArchiveAnswer[] = [];
  for (const file of files) {
    try {
      const manifest = await readManifest(file);
      for (const query of queries) answers.push({ manifest: file, ...(await answerQuery(query, manifest)) });
    } catch (error) {
      // A folder may hold other files; one that the user names must be right.
      if (file === place || !(error instanceof ManifestError)) throw error;
      console.writeError(`keepset: skipped: ${plainLine(error.message)}\n`);
    }
  }
  return answers;
}
