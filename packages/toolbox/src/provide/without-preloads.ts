import type { ToolboxFiles } from './toolbox-files.js';

/** What glibc's loader reads of the container's /etc, and what of the same length it finds nothing at. @see ld.so(8) */
const READ_BY_LOADER: readonly (readonly [string, string])[] = [
  ['/etc/ld.so.preload', '/dev/null/.preload'],
  ['/etc/ld.so.cache', '/dev/null/.cache'],
];

/**
 * The toolbox with a loader that takes nothing of the image in which it runs: no option makes glibc's leave out
 * /etc/ld.so.preload, so that its name is changed in the loader itself.
 */
export function withoutPreloads(files: ToolboxFiles): ToolboxFiles {
  const loader = files.get('loader');
  if (loader === undefined) return files;
  const changed = Buffer.from(loader);
  for (const [name, other] of READ_BY_LOADER)
    for (let at = changed.indexOf(`${name}\0`); at !== -1; at = changed.indexOf(`${name}\0`, at))
      changed.write(other, at, 'latin1');
  return new Map(files).set('loader', changed);
}
