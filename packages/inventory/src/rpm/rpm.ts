import type { InstalledPackage } from '../installed-package.js';
import { byteText, type Claim, type Databases, type PackageReader } from '../package-reader.js';
import { systemPackageUrl } from '../package-url.js';
import { parseRpmHeader, RPM_TAG, type RpmHeader } from './rpm-header.js';

const FOLDERS = ['/var/lib/rpm/', '/usr/lib/sysimage/rpm/', '/usr/share/rpm/'];
const SQLITE = 'rpmdb.sqlite';
/** Older databases: Berkeley DB and rpm's own. */
const UNREAD = ['Packages', 'Packages.db'];
/** Fields of `rpm -qa --qf`, of images that were made without a database. @see container-manifest-2 of CBL-Mariner */
export const TEXT_MANIFEST = '/var/lib/rpmmanifest/container-manifest-2';

/** rpm's database (sqlite) and its text manifest. */
export const rpm: PackageReader = {
  isDatabase(path) {
    if (path === TEXT_MANIFEST) return true;
    return FOLDERS.some(
      (folder) =>
        path.startsWith(folder) && [SQLITE, `${SQLITE}-wal`, ...UNREAD].includes(path.slice(folder.length)),
    );
  },

  async read(databases) {
    const claims: Claim[] = [];
    for (const [path, bytes] of databases.files) {
      if (path === TEXT_MANIFEST) claims.push(...readManifest(byteText(bytes), path, databases));
      else if (path.endsWith(SQLITE)) claims.push(...(await readSqlite(bytes, path, databases)));
      else if (path.endsWith('-wal')) warnOfJournal(bytes, path, databases);
      else if (bytes.byteLength > 0)
        databases.warn({
          path,
          message: 'a database of rpm in a format older than sqlite, which is not read',
        });
    }
    return claims;
  },
};

/** Pages that were not yet written into the database when the image was made. */
function warnOfJournal(bytes: Uint8Array, path: string, { warn }: Databases): void {
  if (bytes.byteLength > 0)
    warn({ path, message: 'the database was not closed: its last changes are not read' });
}

async function readSqlite(bytes: Uint8Array, path: string, databases: Databases): Promise<Claim[]> {
  const headers = await readRpmHeaders(bytes);
  return headers.flatMap((header) => toClaim(header, path, databases) ?? []);
}

/**
 * The headers of all packages of a database.
 *
 * @param bytes  of rpmdb.sqlite
 */
export async function readRpmHeaders(bytes: Uint8Array): Promise<readonly RpmHeader[]> {
  // Loaded only where it is needed: few images have such a database.
  const { default: initSqlJs } = await import('sql.js');
  const { Database } = await initSqlJs();
  const database = new Database(withoutJournal(bytes));
  try {
    const statement = database.prepare('SELECT blob FROM Packages ORDER BY hnum');
    const headers: RpmHeader[] = [];
    while (statement.step()) headers.push(parseRpmHeader(statement.get()[0] as Uint8Array));
    return headers;
  } finally {
    database.close();
  }
}

/** A database that says it has a write-ahead log cannot be opened without one. @see sqlite.org/fileformat2, bytes 18, 19 */
function withoutJournal(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy.set([1, 1], 18);
  return copy;
}

function toClaim(header: RpmHeader, database: string, { system }: Databases): Claim | undefined {
  const first = (tag: keyof typeof RPM_TAG) => header.get(RPM_TAG[tag])?.[0];
  const name = String(first('name') ?? '');
  // A key that packages are signed with is entered as a package, but has no architecture.
  const architecture = first('architecture');
  if (name === '' || architecture === undefined) return undefined;
  const [epoch, vendor] = [first('epoch'), first('vendor')];
  return {
    package: toPackage(
      {
        name,
        version: `${first('version')}-${first('release')}`,
        epoch: epoch === undefined ? undefined : String(epoch),
        architecture: String(architecture),
        vendor: vendor === undefined ? undefined : String(vendor),
        sourceRpm: String(first('sourceRpm') ?? ''),
        licenses: (header.get(RPM_TAG.license) ?? []).slice(0, 1).map(String),
      },
      database,
      system,
    ),
    paths: pathsOf(header),
  };
}

function pathsOf(header: RpmHeader): string[] {
  const [names, folders, indexes] = [
    header.get(RPM_TAG.baseNames) ?? [],
    header.get(RPM_TAG.directoryNames) ?? [],
    header.get(RPM_TAG.directoryIndexes) ?? [],
  ];
  return names.map((name, index) => `${folders[Number(indexes[index])] ?? '/'}${name}`);
}

/** Name, version-release, install time, build time, vendor, epoch, size, architecture, epoch again, source; by tabs. */
function* readManifest(text: string, path: string, { system, warn }: Databases): Iterable<Claim> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const fields = line.split('\t').map((field) => (field === '(none)' ? undefined : field));
    const [name, version, , , vendor, epoch, , architecture, , sourceRpm = ''] = fields;
    if (!name || !version || !architecture) {
      warn({ path, message: `line ${index + 1} is no package` });
      continue;
    }
    const parts = { name, version, epoch, architecture, vendor, sourceRpm, licenses: [] };
    yield { package: toPackage(parts, path, system), paths: [] };
  }
}

interface RpmParts {
  readonly name: string;
  readonly version: string;
  readonly epoch: string | undefined;
  readonly architecture: string;
  readonly vendor: string | undefined;
  readonly sourceRpm: string;
  readonly licenses: readonly string[];
}

function toPackage(parts: RpmParts, database: string, system: Databases['system']): InstalledPackage {
  const { name, version, epoch, architecture, vendor, sourceRpm, licenses } = parts;
  const [, source, sourceVersion] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm) ?? [];
  return {
    ecosystem: 'rpm',
    name,
    version: epoch === undefined ? version : `${epoch}:${version}`,
    architecture,
    ...(source !== undefined && {
      sourcePackage: { name: source, ...(sourceVersion && { version: sourceVersion }) },
    }),
    ...(vendor && { origin: vendor }),
    licenses,
    purl: systemPackageUrl(
      { type: 'rpm', name, version, qualifiers: { arch: architecture, epoch } },
      system,
      'rpm',
    ),
    database,
  };
}
