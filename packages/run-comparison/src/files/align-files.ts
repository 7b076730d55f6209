import { countRange } from '../count-range.js';
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

/** Files whose names vary in the same way: nobody knows which of one run is which of another. */
export interface FileCrowd {
  readonly samples: readonly (readonly FileState[])[];
  /** With their paths. */
  readonly result: readonly (readonly [path: string, state: FileState])[];
}

export interface Alignment {
  readonly aligned: readonly AlignedFile[];
  readonly crowds: readonly FileCrowd[];
  /** In every sample, and not in the result. */
  readonly missing: readonly string[];
  /** One of those of which each sample has some, now more, now fewer, and the result too few. */
  readonly scarce: readonly string[];
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
  if (varying.every(({ length }) => length === 0))
    return { aligned, crowds: [], missing, scarce: [], extra: ownOfResult };

  const keyOf = nameKey(varying);
  const groups = varying.map((paths) => Map.groupBy(paths, keyOf));
  const ofResult = Map.groupBy(ownOfResult, keyOf);
  const keys = new Set(groups.flatMap((each) => [...each.keys()]));
  const extra = ownOfResult.filter((path) => !keys.has(keyOf(path)));
  const crowds: FileCrowd[] = [];
  const scarce: string[] = [];
  for (const key of keys) {
    const counts = groups.map((each) => each.get(key)?.length ?? 0);
    const paths = ofResult.get(key) ?? [];
    const [fewest, most] = countRange(counts);
    const states = groups.map((each, index) =>
      (each.get(key) ?? []).map((path) => samples[index]?.get(path) as FileState),
    );
    const own = paths.map((path) => [path, result.get(path) as FileState] as const);
    // A number of files that is the same each time is to be relied on, and one that varies is not 0 if it never was.
    if (paths.length < fewest) {
      const isSteady = counts.every((count) => count === fewest);
      (isSteady ? missing : scarce).push(groups[0]?.get(key)?.[0] ?? key);
    } else if (paths.length > most) extra.push(...paths.slice(most));
    else if (most > 1) crowds.push({ samples: states, result: own });
    else
      for (const [path, state] of own)
        aligned.push({ path, samples: states.flatMap(([first]) => first ?? []), result: state });
  }
  const [one, other] = [
    varying.find(({ length }) => length > 0)?.[0],
    varying.findLast(({ length }) => length > 0)?.at(-1),
  ];
  return { aligned, crowds, missing, scarce, extra, varyingNames: [one ?? '', other ?? ''] };
}

/** A path with the words taken out of it that are not in the varying names of every sample. */
function nameKey(varying: readonly (readonly string[])[]): (path: string) => string {
  // Apart, for a folder may be called as the names in it begin: /tmp/tmp_8kq1x7w.
  const [ofFolder, ofName] = [folderOf, nameOf].map((partOf) => {
    const isInAll = wordsInAll(varying.map((paths) => paths.map(partOf)));
    return (path: string) =>
      tokenize(partOf(path))
        .map(({ text, kind }) => (kind === 'other' || isInAll(text) ? text : '*'))
        .join('')
        // What joins the words of a name may be in one made at random.
        .replace(/\*(?:[_+=-]*\*)+/g, '*')
        // And mkstemp's of Python end with it.
        .replace(/_*\*_*/g, '*');
  }) as [(path: string) => string, (path: string) => string];
  return (path) => ofFolder(path) + ofName(path);
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

function wordsInAll(texts: readonly (readonly string[])[]): (word: string) => boolean {
  const [first = new Set<string>(), ...others] = texts.map(
    (own) => new Set(own.flatMap((text) => tokenize(text).map((token) => token.text))),
  );
  return (word) => first.has(word) && others.every((each) => each.has(word));
}
