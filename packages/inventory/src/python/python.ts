import { parseParagraphs } from '../control-paragraphs.js';
import { byteText, type Claim, type Databases, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

const FACTS = /\.(?:dist-info\/METADATA|egg-info\/PKG-INFO|egg-info)$/;
const LISTS = /\.(?:dist-info\/RECORD|egg-info\/(?:installed-files\.txt|top_level\.txt))$/;

/**
 * Python's distributions: dist-info with its RECORD; egg-info with `installed-files.txt`, or, where only the names of
 * its modules are known, those modules.
 *
 * @see the Python packaging specifications, "Recording installed projects", "Core metadata"; setuptools, "The Internal
 * Structure of Python Eggs"
 */
export const python: PackageReader = {
  isDatabase: (path) => FACTS.test(path) || LISTS.test(path),

  *read(databases) {
    for (const [path, bytes] of databases.files) {
      if (!FACTS.test(path)) continue;
      const [fields] = parseParagraphs(byteText(bytes));
      const [name, version] = ['name', 'version'].map((key) => fields?.get(key));
      if (!name || !version) {
        databases.warn({ path, message: 'no name and version of a Python distribution' });
        continue;
      }
      const license = fields?.get('license-expression') ?? fields?.get('license')?.split('\n')[0];
      yield {
        package: {
          ecosystem: 'pypi',
          name,
          version,
          licenses: license && license !== 'UNKNOWN' ? [license] : [],
          purl: packageUrl({ type: 'pypi', name, version }),
          database: path,
        },
        ...contentsOf(path, databases),
      } satisfies Claim;
    }
  },
};

function contentsOf(facts: string, { files, tree }: Databases): Pick<Claim, 'paths' | 'folders'> {
  // Distutils wrote a file in place of a folder, and no list.
  if (facts.endsWith('.egg-info')) return { paths: [facts] };
  const folder = folderOf(facts);
  const site = folderOf(folder);
  const record = files.get(`${folder}/RECORD`);
  if (record !== undefined)
    return { paths: recordedPaths(byteText(record)).map((path) => inFolder(site, path)) };
  const installed = files.get(`${folder}/installed-files.txt`);
  if (installed !== undefined) return { paths: lines(installed).map((path) => inFolder(folder, path)) };
  const modules = files.get(`${folder}/top_level.txt`);
  const names = modules === undefined ? [] : lines(modules);
  const besides = [...tree.children(site)].filter(
    ({ path, type }) =>
      type !== 'directory' &&
      names.includes(path.slice(site.length + 1).replace(/(?:\.[^/]*)?\.(?:py|so)$/, '')),
  );
  return {
    paths: besides.map(({ path }) => path),
    folders: [folder, ...names.map((name) => `${site}/${name}`)],
  };
}

/** As RECORD and its like name files: relative to a folder, or absolute. */
export function inFolder(folder: string, path: string): string {
  return path.startsWith('/') ? path : `${folder}/${path}`;
}

/** The first column of CSV, in which a name with a comma or a quote is quoted. */
function recordedPaths(record: string): string[] {
  return [...record.matchAll(/^(?:"((?:[^"]|"")*)"|([^,\r\n]+)),/gm)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function lines(bytes: Uint8Array): string[] {
  return byteText(bytes)
    .split(/\r?\n/)
    .filter((line) => line !== '');
}
