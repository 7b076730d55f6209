import type { PathAmount } from '../listing/file-listing.js';

/** What a run keeps of a source. All runs are of one source. */
export interface NamedRun {
  readonly name: string;
  /** By path (byte string). */
  readonly files: ReadonlyMap<string, RunFile>;
}

export interface RunFile {
  /** Of a regular file that is kept whole; of everything else 0. */
  readonly sizeBytes: number;
  /** The smallest name of the same content in the source, where this is another. */
  readonly hardLinkTo?: string | undefined;
}

/** What one run costs among others. `unique` and `shared` are `total`. */
export interface RunCost {
  readonly run: string;
  readonly total: PathAmount;
  /** What no other run keeps: what would go without this one. */
  readonly unique: PathAmount;
  /** What another run keeps as well. */
  readonly shared: PathAmount;
  /** What it adds to the runs before it, in the order given. Those of all runs are the union. */
  readonly marginal: PathAmount;
  /** All runs but this one together. */
  readonly rest: PathAmount;
}

/** What runs of one source cost, together and each. */
export interface RunCosts {
  /** All runs together. */
  readonly union: PathAmount;
  /** In the order given. */
  readonly runs: readonly RunCost[];
}

/**
 * The set algebra of what several runs keep. A content with several names counts once for each run that keeps it.
 *
 * @param runs  in the order in which marginal costs are told
 */
export function costRuns(runs: readonly NamedRun[]): RunCosts {
  const sums = runs.map(() => ({
    total: zero(),
    unique: zero(),
    shared: zero(),
    marginal: zero(),
    rest: zero(),
  }));
  const union = zero();
  const count = (keepers: readonly number[], amount: PathAmount) => {
    add(union, amount);
    const [first] = keepers;
    for (const [index, sum] of sums.entries()) {
      const isKeeper = keepers.includes(index);
      if (isKeeper) add(sum.total, amount);
      if (isKeeper) add(keepers.length === 1 ? sum.unique : sum.shared, amount);
      if (index === first) add(sum.marginal, amount);
      if (!isKeeper || keepers.length > 1) add(sum.rest, amount);
    }
  };
  for (const keepers of keepersOf(runs, (path) => path).values()) count(keepers, { paths: 1, sizeBytes: 0 });
  const contentName = (path: string, { hardLinkTo, sizeBytes }: RunFile) =>
    sizeBytes === 0 ? undefined : (hardLinkTo ?? path);
  const sizes = new Map<string, number>();
  for (const { files } of runs) {
    for (const [path, file] of files) {
      const name = contentName(path, file);
      if (name !== undefined) sizes.set(name, file.sizeBytes);
    }
  }
  for (const [name, keepers] of keepersOf(runs, contentName))
    count(keepers, { paths: 0, sizeBytes: sizes.get(name) ?? 0 });
  return { union, runs: sums.map((sum, index) => ({ run: runs[index]?.name ?? '', ...sum })) };
}

/** Which runs keep each thing: places in the list of runs, ascending. */
function keepersOf(
  runs: readonly NamedRun[],
  nameOf: (path: string, file: RunFile) => string | undefined,
): ReadonlyMap<string, readonly number[]> {
  const keepers = new Map<string, number[]>();
  for (const [index, { files }] of runs.entries()) {
    for (const [path, file] of files) {
      const name = nameOf(path, file);
      if (name === undefined) continue;
      const known = keepers.get(name);
      if (known === undefined) keepers.set(name, [index]);
      else if (known.at(-1) !== index) known.push(index);
    }
  }
  return keepers;
}

interface Sum {
  paths: number;
  sizeBytes: number;
}

function zero(): Sum {
  return { paths: 0, sizeBytes: 0 };
}

function add(sum: Sum, { paths, sizeBytes }: PathAmount): void {
  sum.paths += paths;
  sum.sizeBytes += sizeBytes;
}

/** What runs cost within one package, or one folder. */
export interface GroupCosts extends RunCosts {
  /** Undefined for what is in no group. */
  readonly group: string | undefined;
}

/**
 * The same for each group of paths, the largest first; a path may be in several.
 *
 * @param groupsOf  names the groups of a path
 */
export function costRunsByGroup<File extends RunFile>(
  runs: readonly (NamedRun & { readonly files: ReadonlyMap<string, File> })[],
  groupsOf: (path: string, file: File) => readonly string[],
): readonly GroupCosts[] {
  const groups = new Map<string | undefined, Map<string, RunFile>[]>();
  for (const [index, { files }] of runs.entries()) {
    for (const [path, file] of files) {
      const names = groupsOf(path, file);
      for (const name of names.length === 0 ? [undefined] : names) {
        const parts = groups.get(name) ?? runs.map(() => new Map<string, RunFile>());
        groups.set(name, parts);
        parts[index]?.set(path, file);
      }
    }
  }
  const rows = [...groups].map(([group, parts]) => ({
    group,
    ...costRuns(parts.map((files, index) => ({ name: runs[index]?.name ?? '', files }))),
  }));
  return rows.sort(
    (one, other) =>
      other.union.sizeBytes - one.union.sizeBytes || ((one.group ?? '') < (other.group ?? '') ? -1 : 1),
  );
}
