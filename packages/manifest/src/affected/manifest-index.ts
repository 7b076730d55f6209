import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { InstalledPackage, OperatingSystem, Query, Verdict } from '@keepset/inventory';
import type { StoredInventory } from '../record/read-manifest.js';
import { type AffectedAnswer, answerQuery, hasSuspects, unaffected } from './affected.js';
import { readSlims } from './read-slims.js';
import { fromSlim, NOBODY, type SlimManifest } from './slim-manifest.js';

/** What is known of many manifests, in a file, so that a question need not read them all. */
export interface ManifestIndex extends Disposable {
  /**
   * Take in what is new or has changed, and forget what is gone.
   *
   * @param files  all manifests of the archive
   * @returns      those that cannot be asked through the index, since they are broken or tell of no packages
   */
  refresh(
    files: readonly string[],
    onProgress?: (done: number, total: number) => void,
  ): Promise<readonly string[]>;
  /** Answers of every manifest in it, by the names of their files. */
  answer(queries: readonly Query[]): AsyncIterable<AffectedAnswer & { readonly manifest: string }>;
}

/** Raised when what is in an index changes its form: older ones are then made anew. */
const INDEX_VERSION = 2;
const MANIFESTS_PER_TRANSACTION = 500;

const TABLES = `
  CREATE TABLE IF NOT EXISTS package (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS manifest (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, mtimeMs REAL NOT NULL, sizeBytes INTEGER NOT NULL,
    packages TEXT NOT NULL, system TEXT NOT NULL, warnings INTEGER NOT NULL, runSets TEXT NOT NULL,
    unowned TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS files (
    manifest INTEGER NOT NULL, owner INTEGER NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (manifest, owner)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS content (manifest INTEGER PRIMARY KEY, lines TEXT NOT NULL);
`;
const TABLE_NAMES = ['package', 'manifest', 'files', 'content'] as const;

/**
 * Open the index in a file, or make it.
 *
 * @returns undefined where Node has no SQLite (before 22.13), or the file cannot be written: ask the manifests themselves
 */
export async function openManifestIndex(file: string): Promise<ManifestIndex | undefined> {
  const sqlite = await import('node:sqlite').catch(() => undefined);
  if (sqlite === undefined) return undefined;
  const open = (): DatabaseSync => {
    const database = new sqlite.DatabaseSync(file);
    try {
      prepare(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    return toIndex(open());
  } catch (error) {
    // SQLITE_CORRUPT, SQLITE_NOTADB: it holds nothing that cannot be made again.
    if (![11, 26].includes((error as { errcode?: number }).errcode ?? 0)) return undefined;
    await rm(file, { force: true });
    return toIndex(open());
  }
}

function prepare(database: DatabaseSync): void {
  database.exec('PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF;');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version !== INDEX_VERSION)
    for (const table of TABLE_NAMES) database.exec(`DROP TABLE IF EXISTS ${table}`);
  database.exec(TABLES);
  // Also shows whether it can be written.
  database.exec(`PRAGMA user_version = ${INDEX_VERSION}`);
}

interface KnownFile {
  readonly id: number;
  readonly file: string;
  readonly mtimeMs: number;
  readonly sizeBytes: number;
}

interface ChangedFile extends Omit<KnownFile, 'id'> {
  /** The row of what stood in it before. */
  readonly before: number | undefined;
}

interface ManifestRow {
  readonly id: number;
  readonly file: string;
  readonly packages: string;
  readonly system: string;
  readonly warnings: number;
  readonly runSets: string;
  readonly unowned: string;
}

function toIndex(database: DatabaseSync): ManifestIndex {
  return {
    refresh: (files, onProgress) => refreshIndex(database, files, onProgress),
    answer: (queries) => answerFrom(database, queries),
    [Symbol.dispose]: () => database.close(),
  };
}

/** Forget the manifests that are gone, take in those that are new or have changed. */
async function refreshIndex(
  database: DatabaseSync,
  files: readonly string[],
  onProgress: ((done: number, total: number) => void) | undefined,
): Promise<readonly string[]> {
  const wanted = new Set(files);
  const known = new Map<string, KnownFile>();
  const rows = database.prepare('SELECT id, file, mtimeMs, sizeBytes FROM manifest').all();
  for (const row of rows as unknown as readonly KnownFile[]) known.set(row.file, row);
  const gone = [...known.values()].filter(({ file }) => !wanted.has(file));
  const changed: ChangedFile[] = files.flatMap((file) => {
    // Before it is read: a change meanwhile is then seen the next time.
    const { mtimeMs, size: sizeBytes } = statSync(file);
    const before = known.get(file);
    return before?.mtimeMs === mtimeMs && before.sizeBytes === sizeBytes
      ? []
      : [{ file, mtimeMs, sizeBytes, before: before?.id }];
  });
  const writer = writerOf(database);
  const unindexed: string[] = [];
  let done = 0;
  database.exec('BEGIN');
  try {
    for (const { id } of gone) forget(database, id);
    for await (const slim of readSlims(changed.map(({ file }) => file))) {
      const { before, ...file } = changed[done] as ChangedFile;
      if (before !== undefined) forget(database, before);
      if (slim?.inventory === undefined) unindexed.push(file.file);
      else writer.add(file, { ...slim, inventory: slim.inventory });
      done++;
      onProgress?.(done, changed.length);
      if (done % MANIFESTS_PER_TRANSACTION === 0) database.exec('COMMIT; BEGIN');
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
  return unindexed;
}

async function* answerFrom(
  database: DatabaseSync,
  queries: readonly Query[],
): AsyncGenerator<AffectedAnswer & { readonly manifest: string }> {
  const packages = readPackages(database);
  const ask = queries.map((query) => rememberVerdicts(query));
  const lines = linesOf(database);
  const rows = database.prepare(
    'SELECT id, file, packages, system, warnings, runSets, unowned FROM manifest ORDER BY file',
  );
  for (const found of rows.iterate()) {
    const row = found as unknown as ManifestRow;
    const own = (JSON.parse(row.packages) as number[]).flatMap((id) => packages.get(id) ?? []);
    const system = JSON.parse(row.system) as OperatingSystem;
    const inventory = {
      packages: own,
      system,
      unowned: { files: 0, sizeBytes: 0 },
      // That there were some is what counts.
      warnings: Array.from({ length: row.warnings }, () => ({ path: '/', message: '' })),
    };
    const texts = {
      files: once(() => lines.files(row.id)),
      contents: once(() => lines.contents(row.id)),
    };
    for (const query of ask) {
      const owners = query.kind === 'packages' ? ownersAsked(query, inventory, row.unowned) : NO_OWNERS;
      if (isSurelyUnaffected(query, { owners, warnings: row.warnings }, texts)) {
        yield { manifest: row.file, ...unaffected(query) };
        continue;
      }
      const files = query.kind === 'packages' ? lines.filesOf(row.id, owners) : texts.files();
      const contents = query.kind === 'content' ? texts.contents() : '';
      const runSets = JSON.parse(row.runSets) as string[][];
      const manifest = fromSlim({ files, contents, runSets }, inventory);
      yield { manifest: row.file, ...(await answerQuery(query, manifest)) };
    }
  }
}

/** What is read of a manifest only where a question needs it. */
function linesOf(database: DatabaseSync) {
  const files = database.prepare('SELECT lines FROM files WHERE manifest = ?');
  const filesOf = database.prepare('SELECT lines FROM files WHERE manifest = ? AND owner = ?');
  const contents = database.prepare('SELECT lines FROM content WHERE manifest = ?');
  const textOf = (row: unknown) => (row as { readonly lines: string } | undefined)?.lines ?? '';
  return {
    files: (id: number): readonly string[] => files.all(id).map(textOf),
    filesOf: (id: number, owners: readonly number[]): readonly string[] =>
      owners.map((owner) => textOf(filesOf.get(id, owner))),
    contents: (id: number): string => textOf(contents.get(id)),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Without taking the manifest apart: nothing that the question could mean stands in its texts. */
function isSurelyUnaffected(
  query: Query,
  { owners, warnings }: { readonly owners: readonly number[]; readonly warnings: number },
  texts: { readonly files: () => readonly string[]; readonly contents: () => string },
): boolean {
  const isInFiles = (name: string) => texts.files().some((lines) => lines.includes(name));
  switch (query.kind) {
    case 'packages':
      return warnings === 0 && owners.length === 0;
    case 'content': {
      const contents = texts.contents();
      return contents !== '' && !contents.includes(query.sha256);
    }
    case 'soname':
      return !isInFiles(query.name);
    case 'path':
      // Whatever links are on its way, something bears its last name.
      return !/[^\x21-\x5b\x5d-\x7e]|\/\.{0,2}$/.test(query.path) && !isInFiles(lastName(query.path));
  }
}

const NO_OWNERS: readonly number[] = [];

/**
 * Whose files a question about packages needs: those of the packages that it means, and nobody's, where a name of theirs
 * is among these.
 *
 * @param unowned  paths of kept files that are nobody's, in lower case, a line each
 */
function ownersAsked(
  { names, judge }: Extract<Query, { kind: 'packages' }>,
  { packages, system }: Pick<StoredInventory, 'packages' | 'system'>,
  unowned: string,
): readonly number[] {
  const meant = packages.flatMap((each, index) => (judge(each, system) === 'unaffected' ? [] : [index]));
  return hasSuspects(names, unowned) ? [NOBODY, ...meant] : meant;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/'));
}

/** Manifests of an archive share their packages: each is judged once, for each distribution. */
function rememberVerdicts(query: Query): Query {
  if (query.kind !== 'packages') return query;
  const known = new Map<string, Map<InstalledPackage, Verdict>>();
  return {
    ...query,
    judge(each, system) {
      const key = `${system.id} ${system.versionId}`;
      const verdicts = known.get(key) ?? new Map<InstalledPackage, Verdict>();
      known.set(key, verdicts);
      const verdict = verdicts.get(each) ?? query.judge(each, system);
      verdicts.set(each, verdict);
      return verdict;
    },
  };
}

function readPackages(database: DatabaseSync): ReadonlyMap<number, InstalledPackage> {
  const rows = database.prepare('SELECT id, text FROM package').all() as unknown as readonly {
    readonly id: number;
    readonly text: string;
  }[];
  return new Map(
    rows.map(({ id, text }) => [
      id,
      { licenses: [], database: '/', ...(JSON.parse(text) as object) } as unknown as InstalledPackage,
    ]),
  );
}

function forget(database: DatabaseSync, id: number): void {
  database.prepare('DELETE FROM manifest WHERE id = ?').run(id);
  for (const table of ['files', 'content'])
    database.prepare(`DELETE FROM ${table} WHERE manifest = ?`).run(id);
}

interface IndexedManifest extends SlimManifest {
  readonly inventory: StoredInventory;
}

function writerOf(database: DatabaseSync) {
  const ids = new Map<string, number>();
  for (const row of database.prepare('SELECT id, text FROM package').all())
    ids.set(String(row.text), Number(row.id));
  const addPackage = database.prepare('INSERT INTO package (text) VALUES (?)');
  const addManifest = database.prepare(
    'INSERT INTO manifest (file, mtimeMs, sizeBytes, packages, system, warnings, runSets, unowned) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const addFiles = database.prepare('INSERT INTO files (manifest, owner, lines) VALUES (?, ?, ?)');
  const addContent = database.prepare('INSERT INTO content (manifest, lines) VALUES (?, ?)');

  function idOf({ ecosystem, name, version, architecture, sourcePackage, purl }: InstalledPackage): number {
    const text = JSON.stringify({ ecosystem, name, version, architecture, sourcePackage, purl });
    const known = ids.get(text) ?? Number(addPackage.run(text).lastInsertRowid);
    ids.set(text, known);
    return known;
  }

  return {
    add(
      { file, mtimeMs, sizeBytes }: Omit<KnownFile, 'id'>,
      { files, contents, unowned, runSets, inventory }: IndexedManifest,
    ): void {
      const { packages, system, warnings } = inventory;
      const { lastInsertRowid } = addManifest.run(
        file,
        mtimeMs,
        sizeBytes,
        JSON.stringify(packages.map(idOf)),
        JSON.stringify(system),
        warnings.length,
        JSON.stringify(runSets),
        unowned,
      );
      for (const [owner, lines] of files) addFiles.run(lastInsertRowid, owner, lines);
      addContent.run(lastInsertRowid, contents);
    },
  };
}
