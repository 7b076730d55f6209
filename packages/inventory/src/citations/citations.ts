import type { Ecosystem, InstalledPackage } from '../installed-package.js';
import type { OperatingSystem } from '../os-release.js';

/** What runs used, as far as it is told apart from what was only there. */
export interface CitationContents {
  /** The runs, with their commands as a shell would have them. */
  readonly runs: readonly { readonly name: string; readonly command: string }[];
  readonly image: { readonly name: string; readonly digest: string };
  readonly system: OperatingSystem;
  /** Packages of which a run used a file, with the paths of those files. */
  readonly used: readonly { readonly package: InstalledPackage; readonly paths: readonly string[] }[];
  /** Files that were used and belong to no package. */
  readonly unownedFiles: number;
}

/** One piece of software to be cited. */
export interface Citation {
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** Empty where it is not told. */
  readonly version: string;
  /** Of the packages that it stands for, sorted. */
  readonly purls: readonly string[];
}

const SYSTEM_ECOSYSTEMS: ReadonlySet<Ecosystem> = new Set(['deb', 'apk', 'rpm']);

/**
 * The software to cite. Packages of a distribution are told as what they were built from (libssl3 as openssl); one that
 * only brought what another ecosystem's package is (r-cran-ggplot2 for ggplot2) is told as the latter.
 *
 * @returns  sorted by ecosystem, name and version; each once
 */
export function toCitations({ used }: Pick<CitationContents, 'used'>): readonly Citation[] {
  const isSystems = ({ ecosystem }: InstalledPackage) => SYSTEM_ECOSYSTEMS.has(ecosystem);
  const ownPaths = new Set(used.flatMap(({ package: each, paths }) => (isSystems(each) ? [] : paths)));
  const cited = new Map<string, { citation: Omit<Citation, 'purls'>; purls: Set<string> }>();
  for (const { package: each, paths } of used) {
    if (isSystems(each) && paths.every((path) => ownPaths.has(path))) continue;
    const { name = each.name, version = each.version } = each.sourcePackage ?? {};
    const citation = { ecosystem: each.ecosystem, name: plainText(name), version: plainText(version) };
    const key = JSON.stringify(citation);
    const known = cited.get(key) ?? { citation, purls: new Set() };
    cited.set(key, known);
    known.purls.add(plainText(each.purl));
  }
  return [...cited.values()]
    .map(({ citation, purls }) => ({ ...citation, purls: [...purls].sort() }))
    .sort(
      (one, other) =>
        compare(one.ecosystem, other.ecosystem) ||
        compare(one.name, other.name) ||
        compare(one.version, other.version),
    );
}

/**
 * Text of others as part of a sentence or a field: whatever would end a line, or act on a terminal, is the sign for what
 * cannot be shown.
 *
 * @example plainText('a\nb') // 'a\ufffdb'
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
