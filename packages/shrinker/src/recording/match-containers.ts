/** By what a container is known again. */
export interface Matched {
  readonly imageId: string;
  readonly command: readonly string[];
}

/**
 * Find containers of one run of a command in another run of it: of the same image, with the same command, in order among
 * equals. Then those whose commands differ only in names of files and folders, as deep: workflow engines make up new ones.
 *
 * @returns for each of `recorded` that was found: its place in `ran`
 */
export function matchContainers(
  recorded: readonly Matched[],
  ran: readonly Matched[],
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const toKey of [toCommandKey, toShapeKey]) {
    const free = Map.groupBy(
      [...ran.keys()].filter((at) => !taken.has(at)),
      (at) => toKey(ran[at] as Matched),
    );
    for (const [at, each] of recorded.entries()) {
      const place = found.has(at) ? undefined : free.get(toKey(each))?.shift();
      if (place === undefined) continue;
      found.set(at, place);
      taken.add(place);
    }
  }
  return found;
}

function toCommandKey({ imageId, command }: Matched): string {
  return JSON.stringify([imageId, command]);
}

function toShapeKey({ imageId, command }: Matched): string {
  return JSON.stringify([imageId, command.map(toShape)]);
}

/** @example toShape('input=/tmp/x1/a.txt') // 'input=///' */
function toShape(word: string): string {
  const parts = word.split(/([\s'"=:,]+)/);
  return parts.map((part) => (part.includes('/') ? part.replace(/[^/]/g, '') : part)).join('');
}
