/**
 * The folder that stands for a path in a sum by folders: the first `depth` names of the way to it.
 *
 * @param path   absolute byte string
 * @param depth  at least 1
 * @example folderOf('/usr/lib/R/bin/R', 2) // '/usr/lib'
 * @example folderOf('/init', 2)            // '/'
 */
export function folderOf(path: string, depth: number): string {
  let end = 0;
  for (let names = 0; names < depth; names++) {
    const next = path.indexOf('/', end + 1);
    if (next === -1) break;
    end = next;
  }
  return end === 0 ? '/' : path.slice(0, end);
}
