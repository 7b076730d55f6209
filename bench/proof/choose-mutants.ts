import type { Change } from './steady-part.ts';

/** A keep list, and one of its files that is lacking or empty in what is made of it. */
export interface Mutant extends Change {
  readonly locked: string;
}

/** The program's own are looked at first. */
const OWN = /^\/(?:srv|opt)\//;
/** At most so many of the files of one folder: one of them stands for all. */
const PER_FOLDER_MAX = 2;

/**
 * Results that may lack something, in the order in which they are to be tried: first by the program's own files, then by those
 * of the system, each in any order.
 *
 * @param keepList  of a result that does what its source does
 * @param chance    numbers from 0 to 1, the same for the same seed
 */
export function chooseMutants(keepList: string, chance: () => number): readonly Mutant[] {
  const lines = keepList.split('\n').filter((line) => line.startsWith('/'));
  const pathOf = (line: string) => line.split('\t')[0] as string;
  // What others are below is a directory; escaped names are left alone.
  const parents = new Set(lines.map((line) => pathOf(line).replace(/\/[^/]*$/, '')));
  const files = lines.filter((line) => !parents.has(pathOf(line)) && !line.includes('\\'));
  const folders = new Map<string, number>();
  return shuffled(files, chance)
    .sort((one, other) => Number(OWN.test(other)) - Number(OWN.test(one)))
    .filter((line) => {
      const folder = pathOf(line).replace(/\/[^/]*$/, '');
      const count = folders.get(folder) ?? 0;
      folders.set(folder, count + 1);
      return count < PER_FOLDER_MAX;
    })
    .flatMap((line) => {
      const path = pathOf(line);
      const without = (...others: readonly string[]) =>
        `${[...lines.filter((each) => each !== line), ...others].join('\n')}\n`;
      const removed = { path, way: 'removed', locked: without() } as const;
      const emptied = { path, way: 'emptied', locked: without(`${path}\tstub`) } as const;
      return line.includes('\t') ? [removed] : [removed, emptied];
    });
}

function shuffled<T>(all: readonly T[], chance: () => number): T[] {
  const rest = [...all];
  return all.map(() => rest.splice(Math.floor(chance() * rest.length), 1)[0] as T);
}
