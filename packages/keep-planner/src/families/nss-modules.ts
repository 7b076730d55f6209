import type { ImageTree } from '@keepset/image-tree';
import { resolveTogether } from '../closure/resolve-together.js';
import { keepNeededLibraries, MAX_LIBRARY_BYTES, readLibraries } from '../libraries/keep-libraries.js';
import { libraryFolders, loaderConfiguration } from '../libraries/library-folders.js';
import { readAhead } from '../libraries/read-ahead.js';
import { readTexts } from '../libraries/read-texts.js';
import type { Keeping } from '../plan/keeping.js';
import { keptFile } from './kept-file.js';

const CONFIGURATION = '/etc/nsswitch.conf';

/**
 * Keep the modules that a kept nsswitch.conf names, with the libraries that they need. The C library loads one when a
 * name is looked up that the modules before it do not know: which these are, no trace of other names tells.
 *
 * Modules that the C library has in itself (`files` and `dns` since glibc 2.34) lie beside it as empty shells: these do
 * not stay.
 *
 * @see nsswitch.conf(5), nss(5)
 */
export async function keepNssModules(keeping: Keeping): Promise<void> {
  const { ends } = keeping;
  const configuration = await keptFile(CONFIGURATION, keeping);
  if (configuration === undefined) return;
  const likely = [
    configuration,
    ...loaderConfiguration(keeping.source.tree),
    ...usualModules(keeping.source.tree),
  ];
  const source = await readAhead(likely, keeping.source, MAX_LIBRARY_BYTES);
  const texts = await readTexts([configuration, ...loaderConfiguration(source.tree)], source);
  const names = parseNssServices(texts.find(({ path }) => path === configuration)?.text ?? '');
  const folders = libraryFolders(
    texts.filter(({ path }) => path !== configuration),
    source.tree,
  );
  const requests = names.map((name) => folders.map((folder) => ({ path: `${folder}/libnss_${name}.so.2` })));
  const resolutions = await resolveTogether(requests, source);
  const found = names.flatMap((name, index) =>
    (resolutions[index] ?? [])
      .filter(({ failure, path }) => failure === undefined && source.tree.get(path)?.type === 'file')
      .map((resolution) => ({ name, resolution })),
  );
  const libraries = await readLibraries(
    found.map(({ resolution }) => resolution.path),
    { source },
  );
  const kept = new Set<string>();
  for (const { name, resolution } of found) {
    const library = libraries.find(({ path }) => path === resolution.path);
    // What it is looked up by: _nss_files_getpwnam_r.
    if (library?.dynamic.names.includes(`_nss_${name}_`) !== true) continue;
    ends.add(resolution, [{ kind: 'rule', rule: 'nss-module', from: configuration }]);
    kept.add(library.path);
  }
  await keepNeededLibraries(
    libraries.filter(({ path }) => kept.has(path)),
    folders,
    keeping,
  );
}

/** The modules that lie where they lie on most systems. */
function usualModules(tree: ImageTree): readonly string[] {
  return libraryFolders([], tree).flatMap((folder) =>
    [...tree.children(folder)].flatMap(({ path }) => (/\/libnss_[^/]+\.so\.2$/.test(path) ? [path] : [])),
  );
}

/**
 * The services that an nsswitch.conf names, each once, in the order of the text.
 *
 * @param text  byte string
 * @example 'hosts: files [NOTFOUND=return] dns\n' → ['files', 'dns']
 */
export function parseNssServices(text: string): readonly string[] {
  const services = text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => {
      const [, list = ''] = /^\s*[\w-]+\s*:(.*)$/.exec(line.replace(/#.*/, '')) ?? [];
      return list
        .replace(/\[[^\]]*\]/g, ' ')
        .split(/\s+/)
        .filter((name) => /^[\w.-]+$/.test(name));
    });
  return [...new Set(services)];
}
