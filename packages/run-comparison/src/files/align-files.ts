import type { FileState } from '../run-outcome.js';
import { tokenize } from '../text/tokenize.js';

type Files = ReadonlyMap<string, FileState>;

/** One file of the result with what it was in each sample. */
export interface AlignedFile {
  /** In the result; a byte string. */
  readonly path: string;
  readonly samples: readonly FileState[];
  readonly result: FileState;
}

export interface Alignment {
  readonly aligned: readonly AlignedFile[];
  /** In every sample, and not in the result. */
  readonly missing: readonly string[];
  /** In the result, and in no sample. */
  readonly extra: readonly string[];
  /** Two paths that are in one sample each, when names vary. */
  readonly varyingNames?: readonly [string, string];
}

/**
 * Find for each file of a result the same file of the samples. Where samples have files that the others have not,
 * their names vary (mktemp(3), process ids): these are told by what of their names is in all samples.
 */
export function alignFiles(samples: readonly Files[], result: Files): Alignment {
  const [first = new Map()] = samples as readonly Files[];
  const inAll = [...first.keys()].filter((path) => samples.every((each) => each.has(path)));
  const constant = new Set(inAll);
  const varying = samples.map((each) => [...each.keys()].filter((path) => !constant.has(path)));
  const ownOfResult = [...result.keys()].filter((path) => !constant.has(path));
  const aligned = inAll.flatMap((path) => {
    const state = result.get(path);
    if (state === undefined) return [];
    return [{ path, samples: samples.map((each) => each.get(path) as FileState), result: state }];
  });
  const missing = inAll.filter((path) => !result.has(path));
  if (varying.every(({ length }) => length === 0)) return { aligned, missing, extra: ownOfResult };

  const keyOf = nameKey(varying);
  const groups = varying.map((paths) => Map.groupBy(paths, keyOf));
  const ofResult = Map.groupBy(ownOfResult, keyOf);
  const keys = new Set(groups.flatMap((each) => [...each.keys()]));
  const extra = ownOfResult.filter((path) => !keys.has(keyOf(path)));
  for (const key of keys) {
    const counts = new Set(groups.map((each) => each.get(key)?.length ?? 0));
    const paths = ofResult.get(key) ?? [];
    const [count = 0] = counts;
    // A number of files that is the same each time is to be relied on.
    if (counts.size > 1) continue;
    if (paths.length < count) missing.push(groups[0]?.get(key)?.[0] ?? key);
    else if (paths.length > count) extra.push(...paths.slice(count));
    else if (count === 1) {
      const path = paths[0] as string;
      const states = groups.map(
        (each, index) => samples[index]?.get(each.get(key)?.[0] as string) as FileState,
      );
      aligned.push({ path, samples: states, result: result.get(path) as FileState });
    }
  }
  const [one, other] = [
    varying.find(({ length }) => length > 0)?.[0],
    varying.findLast(({ length }) => length > 0)?.at(-1),
  ];
  return { aligned, missing, extra, varyingNames: [one ?? '', other ?? ''] };
}

/** A path with the words taken out of it that are not in the varying names of every sample. */
function nameKey(varying: readonly (readonly string[])[]): (path: string) => string {
  const words = varying.map(
    (paths) => new Set(paths.flatMap((path) => tokenize(path).map(({ text }) => text))),
  );
  const [first = new Set<string>()] = words;
  const inAll = new Set([...first].filter((word) => words.every((each) => each.has(word))));
  return (path) =>
    tokenize(path)
      .map(({ text, kind }) => (kind === 'other' || inAll.has(text) ? text : '*'))
      .join('');
}
