import type { ImageTree } from '@keepset/image-tree';
import type { FileText } from './read-texts.js';

const CONFIGURATION = '/etc/ld.so.conf';
/** What the configuration of all distributions includes. */
const INCLUDED = '/etc/ld.so.conf.d';

/** The loader's own, and those of distributions that are built for several machines (`/lib/x86_64-linux-gnu`). */
const BUILT_IN = ['/lib', '/usr/lib', '/lib64', '/usr/lib64'];
const OF_MACHINE = /^\/usr\/lib\/[^/]+-linux-[^/]+$|^\/lib\/[^/]+-linux-[^/]+$/;

/** The files of the loader's configuration, as far as the image has them. */
export function loaderConfiguration(tree: ImageTree): readonly string[] {
  return [CONFIGURATION, ...childrenOf(INCLUDED, tree).filter((path) => path.endsWith('.conf'))];
}

/**
 * Where the dynamic loader looks for libraries: what its configuration names, and its own folders.
 *
 * @param configuration  the texts of the files of `loaderConfiguration`
 * @returns absolute paths as they are written there, each once; they may lead through links
 * @see ld.so(8), ldconfig(8)
 */
export function libraryFolders(configuration: readonly FileText[], tree: ImageTree): readonly string[] {
  const named = configuration.flatMap(({ text }) =>
    text
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim())
      .filter((line) => line.startsWith('/')),
  );
  const ofMachine = ['/usr/lib', '/lib'].flatMap((folder) =>
    childrenOf(folder, tree).filter((path) => OF_MACHINE.test(path)),
  );
  return [...new Set([...named, ...ofMachine, ...BUILT_IN])];
}

function childrenOf(folder: string, tree: ImageTree): readonly string[] {
  return [...tree.children(folder)].map(({ path }) => path);
}
