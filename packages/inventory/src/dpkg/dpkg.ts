import { type Paragraph, parseParagraphs } from '../control-paragraphs.js';
import type { InstalledPackage } from '../installed-package.js';
import { byteText, type Claim, type Databases, type PackageReader } from '../package-reader.js';
import { systemPackageUrl } from '../package-url.js';

const FOLDER = '/var/lib/dpkg/';
export const STATUS = `${FOLDER}status`;
export const STATUS_FOLDER = `${FOLDER}status.d/`;
export const INFO_FOLDER = `${FOLDER}info/`;
const SUMS = '.md5sums';
export const DIVERSIONS = `${FOLDER}diversions`;

/** States in which a package's files are not there. @see dpkg(1), "Package states" */
const ABSENT_STATES = ['not-installed', 'config-files'];

/**
 * dpkg's database, and the `status.d` of images that were made without dpkg.
 *
 * @see dpkg(1), dpkg-query(1), dpkg-divert(1); PACKAGE_METADATA.md of distroless
 */
export const dpkg: PackageReader = {
  isDatabase(path) {
    if (!path.startsWith(FOLDER)) return false;
    if (path === STATUS || path === DIVERSIONS || path.startsWith(STATUS_FOLDER)) return true;
    return path.startsWith(INFO_FOLDER) && path.endsWith('.list');
  },

  // They are longer than the lists, and say less: read only where there is no list.
  *besides({ files, tree }) {
    for (const { path } of tree.has(INFO_FOLDER.slice(0, -1)) ? tree.children(INFO_FOLDER.slice(0, -1)) : [])
      if (path.endsWith(SUMS) && !files.has(`${path.slice(0, -SUMS.length)}.list`)) yield path;
  },

  *read(databases) {
    const diverted = readDiversions(databases);
    for (const { paragraph, path, sums } of readEntries(databases)) {
      const found = toPackage(paragraph, path, databases);
      if (found === undefined) continue;
      const paths = listOf(found, sums, paragraph, databases);
      yield { package: found, paths: paths.map((listed) => diverted(listed, found.name)) } satisfies Claim;
    }
  },
};

interface StatusEntry {
  readonly paragraph: Paragraph;
  readonly path: string;
  /** The md5sums beside an entry of status.d. */
  readonly sums?: Uint8Array | undefined;
}

function* readEntries({ files }: Databases): Iterable<StatusEntry> {
  for (const [path, bytes] of files) {
    if (path === STATUS) {
      for (const paragraph of parseParagraphs(byteText(bytes))) yield { paragraph, path };
    } else if (path.startsWith(STATUS_FOLDER) && !path.endsWith('.md5sums')) {
      const [paragraph] = parseParagraphs(byteText(bytes));
      if (paragraph !== undefined) yield { paragraph, path, sums: files.get(`${path}.md5sums`) };
    }
  }
}

function toPackage(
  paragraph: Paragraph,
  database: string,
  { system, warn }: Databases,
): InstalledPackage | undefined {
  // An entry of status.d has no Status: what is there is installed.
  const state = paragraph.get('status')?.split(/\s+/).at(-1);
  if (state !== undefined && ABSENT_STATES.includes(state)) return undefined;
  const [name, version, architecture] = ['package', 'version', 'architecture'].map((key) =>
    paragraph.get(key),
  );
  if (!name || !version) {
    warn({ path: database, message: `an entry without ${name ? `version: ${name}` : 'name'}` });
    return undefined;
  }
  const [, source, sourceVersion] = /^(\S+)(?:\s+\((.*)\))?$/.exec(paragraph.get('source') ?? name) ?? [];
  return {
    ecosystem: 'deb',
    name,
    version,
    ...(architecture && { architecture }),
    sourcePackage: { name: source ?? name, version: sourceVersion ?? version },
    licenses: [],
    purl: systemPackageUrl(
      { type: 'deb', name, version, qualifiers: { arch: architecture } },
      system,
      'debian',
    ),
    database,
  };
}

/** A list is named after the package, and after its architecture too where several can be installed side by side. */
function listOf(
  { name, architecture }: InstalledPackage,
  sums: Uint8Array | undefined,
  paragraph: Paragraph,
  { files, beside }: Databases,
): string[] {
  const named = (of: ReadonlyMap<string, Uint8Array>, ending: string) =>
    of.get(`${INFO_FOLDER}${name}:${architecture}${ending}`) ?? of.get(`${INFO_FOLDER}${name}${ending}`);
  const list = named(files, '.list');
  if (list !== undefined) return lines(list);
  // Checksums are of the files that are no configuration.
  const summed = sums ?? named(beside, SUMS);
  const conffiles = (paragraph.get('conffiles') ?? '').split('\n').map((line) => line.split(' ')[0] ?? '');
  return [
    ...(summed === undefined ? [] : lines(summed)).map((line) => `/${line.slice(34).replace(/^\.?\//, '')}`),
    ...conffiles.filter((path) => path.startsWith('/')),
  ];
}

/**
 * Three lines each: the name that packages have, the name that it got, and the package that may have the first.
 *
 * @returns  where a path of a package's list went
 */
export function readDiversions({ files }: Pick<Databases, 'files'>): (path: string, name: string) => string {
  const text = files.get(DIVERSIONS);
  const rows = text === undefined ? [] : lines(text);
  const diversions = new Map<string, { to: string; by: string }>();
  for (let at = 0; at + 2 < rows.length; at += 3)
    diversions.set(rows[at] ?? '', { to: rows[at + 1] ?? '', by: rows[at + 2] ?? '' });
  return (path, name) => {
    const diversion = diversions.get(path);
    return diversion === undefined || diversion.by === name ? path : diversion.to;
  };
}

function lines(bytes: Uint8Array): string[] {
  return byteText(bytes)
    .split('\n')
    .filter((line) => line !== '');
}
