import { mkdir, readdir } from 'node:fs/promises';
import { ManifestError, manifestRows, readManifest, type TableRow, writeTables } from '@keepset/manifest';
import type { EXPORT } from '../../definitions/export.js';
import { manifestFiles } from '../../inputs/manifest-files.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import { plainLine } from '../../terminal/plain-text.js';
import { silenceSqlite } from './silence-sqlite.js';

/** `keepset export`: needs no engine. */
export async function exportCommand(
  { options }: CommandLineOf<typeof EXPORT>,
  console: Console,
): Promise<undefined> {
  const { in: places, output: folder, format, removed = false, quiet } = options;
  if (places.length === 0)
    throw new UsageError(
      'no manifests given',
      "Name them: --in FILE, or --in DIR; 'keepset shrink --manifest' writes one.",
    );
  const files = (await Promise.all(places.map((place) => manifestFiles(place)))).flatMap(
    ({ files }) => files,
  );
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(`-o: cannot use ${folder} as a folder (${error.code})`);
  });
  if (there.length > 0) throw new UsageError(`-o: ${folder} is not empty`, 'Name a new folder.');
  await mkdir(folder, { recursive: true });
  if (format === 'sqlite') silenceSqlite();
  const named = new Set(places);
  const counts = await writeTables(rowsOf(files, { named, removed, console }), folder, format);
  if (quiet !== true)
    for (const [table, count] of Object.entries(counts))
      console.writeError(`${table.padEnd(10)}${formatCount(count)} rows\n`);
}

async function* rowsOf(
  files: readonly string[],
  {
    named,
    removed,
    console,
  }: { readonly named: ReadonlySet<string>; readonly removed: boolean; readonly console: Console },
): AsyncGenerator<TableRow> {
  for (const file of files) {
    try {
      yield* manifestRows(await readManifest(file), file, { removed });
    } catch (error) {
      // A folder may hold other files; one that the user names must be right.
      if (named.has(file) || !(error instanceof ManifestError)) throw error;
      console.writeError(`keepset: skipped: ${plainLine(error.message)}\n`);
    }
  }
}
