import type { InstalledPackage } from './installed-package.js';

/**
 * What a run did with a file, the strongest first: executed it (also as a script's interpreter or a program's loader),
 * opened what is named like a shared library, opened another file, or only asked whether it is there.
 */
export const USE_KINDS = ['executed', 'loaded', 'read', 'seen'] as const;

/** What a run did with a file, from the most to the least. */
export type UseKind = (typeof USE_KINDS)[number];

/** What one run did with one file. */
export interface FileUse {
  /** Absent where no run did it, but the kernel must for all of them. */
  readonly run?: string | undefined;
  readonly kind: UseKind;
}

/** A regular file of the source, with what became of it. */
export interface UsedFile {
  readonly sizeBytes: number;
  readonly kept: boolean;
  /** Places in the list of packages. */
  readonly owners: readonly number[];
  readonly uses: readonly FileUse[];
}

/** A number of files with their bytes. */
export interface Amount {
  readonly files: number;
  readonly sizeBytes: number;
}

/** How much of one package, or of what is nobody's, was used. Only regular files count: links have no content to use. */
export interface Usage {
  readonly installed: Amount;
  readonly kept: Amount;
  /** Executed, loaded or read by at least one run. */
  readonly used: Amount;
  /** Files by the strongest use of each; `seen` is not in `used`. */
  readonly byKind: Readonly<Record<UseKind, number>>;
  /** The runs that used a file of it, with how much, sorted by name. */
  readonly byRun: readonly (Amount & { readonly run: string })[];
}

/** How much of one package was used. */
export interface PackageUsage extends Usage {
  readonly package: InstalledPackage;
}

/**
 * Sum up the use of files by their packages. A file of two packages counts for both.
 *
 * @returns  one row per package, in their order, and one for the files without owner
 */
export function sumUsage(
  packages: readonly InstalledPackage[],
  files: Iterable<UsedFile>,
): { readonly packages: readonly PackageUsage[]; readonly unowned: Usage } {
  const sums = packages.map(() => new UsageSum());
  const unowned = new UsageSum();
  for (const file of files) {
    if (file.owners.length === 0) unowned.add(file);
    for (const owner of file.owners) sums[owner]?.add(file);
  }
  return {
    packages: packages.map((each, index) => ({ package: each, ...(sums[index] ?? unowned).total() })),
    unowned: unowned.total(),
  };
}

class UsageSum {
  readonly #installed = { files: 0, sizeBytes: 0 };
  readonly #kept = { files: 0, sizeBytes: 0 };
  readonly #used = { files: 0, sizeBytes: 0 };
  readonly #byKind = { executed: 0, loaded: 0, read: 0, seen: 0 };
  readonly #byRun = new Map<string, { files: number; sizeBytes: number }>();

  add({ sizeBytes, kept, uses }: UsedFile): void {
    const count = (amount: { files: number; sizeBytes: number }) => {
      amount.files++;
      amount.sizeBytes += sizeBytes;
    };
    count(this.#installed);
    if (kept) count(this.#kept);
    const strongest = USE_KINDS.find((kind) => uses.some((use) => use.kind === kind));
    if (strongest === undefined) return;
    this.#byKind[strongest]++;
    if (strongest === 'seen') return;
    count(this.#used);
    const runs = uses.flatMap(({ run, kind }) => (run === undefined || kind === 'seen' ? [] : [run]));
    for (const run of new Set(runs)) {
      const amount = this.#byRun.get(run) ?? { files: 0, sizeBytes: 0 };
      this.#byRun.set(run, amount);
      count(amount);
    }
  }

  total(): Usage {
    return {
      installed: this.#installed,
      kept: this.#kept,
      used: this.#used,
      byKind: this.#byKind,
      byRun: [...this.#byRun]
        .map(([run, amount]) => ({ run, ...amount }))
        .sort((one, other) => (one.run < other.run ? -1 : 1)),
    };
  }
}
