import type { Keeping } from '../plan/keeping.js';

/**
 * How much is kept for one file that was used.
 *
 * - `file`: that file.
 * - `dir`: every file and link directly in its directory as well; directories there are not gone into.
 * - `package`: every file and link of the packages that it belongs to.
 */
export type RoundUp = 'file' | 'dir' | 'package';

/** Keep what is directly beside each file that a run used. */
export function roundUpDirectories({ source, ends }: Keeping): void {
  /** Directory → the first file in it that a run used. */
  const used = new Map<string, string>();
  for (const { path, reasons } of ends.values()) {
    const isUsed = reasons.some((reason) => reason.kind === 'access');
    if (!isUsed || source.tree.get(path)?.type !== 'file') continue;
    const directory = path.slice(0, path.lastIndexOf('/')) || '/';
    const first = used.get(directory);
    if (first === undefined || path < first) used.set(directory, path);
  }
  for (const [directory, from] of used) {
    for (const { path, type } of source.tree.children(directory)) {
      if (type !== 'file' && type !== 'symlink') continue;
      if (ends.get(path) === undefined) {
        ends.add({ path, crossed: [] }, [{ kind: 'rule', rule: 'round-up', from }]);
      }
    }
  }
}
