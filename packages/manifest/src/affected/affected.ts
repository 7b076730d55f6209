import type { FileUse, InstalledPackage, Query, Verdict } from '@keepset/inventory';
import { resolvePaths } from '@keepset/symlink-resolver';
import type { StoredPath } from '../record/entry-table.js';
import type { StoredManifest } from '../record/read-manifest.js';
import { inventoryOf, namesOfRuns, usesOf } from '../usage/manifest-usage.js';

/**
 * What a result has to do with what was asked for, the gravest first.
 *
 * - `used`: a run executed, loaded or read a file of it.
 * - `present`: files of it are in the result, and no run opened one.
 * - `unknown`: it cannot be told whether a package of that name is meant, or files that are nobody's bear its name.
 * - `removed`: the source has it, the result has none of its files.
 * - `unaffected`: the source has nothing of it, or another version; of a content, the result has it not.
 */
const AFFECTED_STATUSES = ['used', 'present', 'unknown', 'removed', 'unaffected'] as const;

/** How much a bug upstream concerns a result, from the most to the least. */
export type AffectedStatus = (typeof AFFECTED_STATUSES)[number];

/** What one manifest says to one question. */
export interface AffectedAnswer {
  readonly query: string;
  readonly status: AffectedStatus;
  /** The packages that are meant, each with its own status. */
  readonly packages: readonly { readonly package: InstalledPackage; readonly status: AffectedStatus }[];
  /** What the status rests on: files used, else files kept; sorted. Byte strings. */
  readonly files: readonly { readonly path: string; readonly runs: readonly string[] }[];
}

/** What of a manifest a question needs. */
export interface AskableManifest extends Pick<StoredManifest, 'kept' | 'inventory' | 'readLinks'> {
  readonly entries: ReadonlyMap<string, StoredPath>;
}

/** The answer of a manifest that has nothing of what was asked for. */
export function unaffected({ text }: Query): AffectedAnswer {
  return { query: text, status: 'unaffected', packages: [], files: [] };
}

/**
 * Answer one question from one manifest.
 *
 * @throws ManifestError MANIFEST_INVALID  it was written without owners, and packages are asked for
 */
export async function answerQuery(query: Query, manifest: AskableManifest): Promise<AffectedAnswer> {
  if (query.kind === 'packages') return answerPackages(query, manifest);
  if (query.kind === 'content') return answerContent(query, manifest);
  const paths =
    query.kind === 'path' ? await below(query.path, manifest) : await namedLike(query.name, manifest);
  return { query: query.text, packages: [], ...judgeFiles(paths, manifest) };
}

/** Contents are recorded of kept files alone: of what was removed, and by an older keepset, nothing can be told. */
function answerContent(
  { text, sha256 }: Extract<Query, { kind: 'content' }>,
  manifest: AskableManifest,
): AffectedAnswer {
  const paths: string[] = [];
  let areRecorded = false;
  for (const [path, entry] of manifest.entries) {
    if (entry.sha256 === sha256) paths.push(path);
    if (entry.sha256 !== undefined) areRecorded = true;
  }
  if (!areRecorded) return { query: text, status: 'unknown', packages: [], files: [] };
  return { query: text, packages: [], ...judgeFiles(paths, manifest) };
}

function answerPackages(
  { text, names, judge }: Extract<Query, { kind: 'packages' }>,
  manifest: AskableManifest,
): AffectedAnswer {
  const { packages, system, warnings } = inventoryOf(manifest);
  const verdicts = new Map<number, Verdict>();
  for (const [index, each] of packages.entries()) {
    const verdict = judge(each, system);
    if (verdict !== 'unaffected') verdicts.set(index, verdict);
  }
  const paths = new Map([...verdicts.keys()].map((index): [number, string[]] => [index, []]));
  for (const [path, { owners }] of manifest.entries) for (const index of owners) paths.get(index)?.push(path);
  const rows = [...verdicts].map(([index, verdict]) => {
    const judged = judgeFiles(paths.get(index) ?? [], manifest);
    // Of a version that cannot be compared, only what is gone is certain.
    const status = verdict === 'unknown' && judged.status !== 'removed' ? 'unknown' : judged.status;
    return { package: packages[index] as InstalledPackage, status, files: judged.files };
  });
  const status = gravest(rows.map((row) => row.status));
  if (status === 'used' || status === 'present' || status === 'unknown') {
    const files = rows.filter((row) => row.status === status).flatMap((row) => row.files);
    return { query: text, status, packages: rows.map(({ files: _, ...row }) => row), files };
  }
  const suspects = unownedSuspects(names, manifest);
  const isUnknown = suspects.length > 0 || warnings.length > 0;
  return {
    query: text,
    status: isUnknown ? 'unknown' : status,
    packages: rows.map(({ files: _, ...row }) => row),
    files: suspects.map((path) => ({ path, runs: namesOfRuns(usesBeyondSeen(path, manifest)) })),
  };
}

function gravest(statuses: readonly AffectedStatus[]): AffectedStatus {
  return AFFECTED_STATUSES.find((status) => statuses.includes(status)) ?? 'unaffected';
}

function judgeFiles(
  paths: readonly string[],
  manifest: AskableManifest,
): Pick<AffectedAnswer, 'status' | 'files'> {
  const sorted = [...paths].sort();
  const files = sorted.filter((path) => isKeptFile(manifest.entries.get(path)));
  const used = files.flatMap((path) => {
    const uses = usesBeyondSeen(path, manifest);
    return uses.length > 0 ? [{ path, runs: namesOfRuns(uses) }] : [];
  });
  if (used.length > 0) return { status: 'used', files: used };
  if (files.length > 0) return { status: 'present', files: files.map((path) => ({ path, runs: [] })) };
  return { status: paths.length > 0 ? 'removed' : 'unaffected', files: [] };
}

function isKeptFile(entry: StoredPath | undefined): boolean {
  return entry?.isKept === true && entry.type !== 'directory';
}

function usesBeyondSeen(path: string, manifest: AskableManifest): readonly FileUse[] {
  return usesOf(path, manifest).filter(({ kind }) => kind !== 'seen');
}

/** A path as a program would ask for it, and all below it; nothing where the source has nothing. */
async function below(path: string, manifest: AskableManifest): Promise<readonly string[]> {
  const [resolution] = await resolvePaths([{ path }], manifest);
  if (resolution === undefined || resolution.failure !== undefined) return [];
  const real = resolution.path;
  const prefix = real === '/' ? '/' : `${real}/`;
  return pathsWhere(manifest, (each) => each === real || each.startsWith(prefix));
}

/** Files and links of that name, or of that name with a further version, and where the links lead. */
async function namedLike(soname: string, manifest: AskableManifest): Promise<readonly string[]> {
  const named = pathsWhere(manifest, (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return name === soname || name.startsWith(`${soname}.`);
  });
  const resolutions = await resolvePaths(
    named.map((path) => ({ path })),
    manifest,
  );
  const ends = resolutions.flatMap(({ path, failure }) => (failure === undefined ? [path] : []));
  return [...new Set<string>([...named, ...ends])];
}

function pathsWhere(
  { entries }: Pick<AskableManifest, 'entries'>,
  isMeant: (path: string) => boolean,
): readonly string[] {
  const paths: string[] = [];
  for (const path of entries.keys()) if (isMeant(path)) paths.push(path);
  return paths;
}

/** Kept files that are nobody's, in whose path one of the names is a word of its own: a copy may be in them. */
function unownedSuspects(names: readonly string[], manifest: AskableManifest): readonly string[] {
  if (names.length === 0) return [];
  const pattern = suspectPattern(names);
  return unownedFiles(manifest)
    .filter((path) => pattern.test(path.toLowerCase()))
    .sort();
}

function unownedFiles({ entries }: AskableManifest): readonly string[] {
  const paths: string[] = [];
  for (const [path, { type, isKept, owners }] of entries)
    if (type === 'file' && isKept && owners.length === 0) paths.push(path);
  return paths;
}

/** Whether one of the names is a word of its own in the paths, in lower case, a line each. */
export function hasSuspects(names: readonly string[], paths: string): boolean {
  return names.length > 0 && suspectPattern(names).test(paths);
}

function suspectPattern(names: readonly string[]): RegExp {
  const words = names.map((name) =>
    (name.split('/').at(-1) ?? name).toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`(?:^|[^a-z0-9])(?:lib)?(?:${words.join('|')})(?:[^a-z0-9]|\\d|$)`);
}

/**
 * The PURLs of packages of which the source has files and the result none, as `answerQuery` would say of each: all
 * packages of that PURL, for two environments may have the same one, and no kept file that is nobody's bears its name.
 * None where a database was not read. One walk over the manifest, however many packages it has.
 *
 * @throws ManifestError MANIFEST_INVALID  it was written without owners
 */
export function removedPackages(manifest: AskableManifest): ReadonlySet<string> {
  const { packages, warnings } = inventoryOf(manifest);
  if (warnings.length > 0) return new Set();
  const fates = packages.map((): 'unknown' | 'removed' | 'kept' => 'unknown');
  for (const entry of manifest.entries.values())
    for (const index of entry.owners) {
      if (isKeptFile(entry)) fates[index] = 'kept';
      else if (fates[index] === 'unknown') fates[index] = 'removed';
    }
  const kept = new Set(packages.filter((_, index) => fates[index] === 'kept').map(({ purl }) => purl));
  const unowned = unownedFiles(manifest).join('\n').toLowerCase();
  const suspects = new Map<string, boolean>();
  const isSuspect = (name: string): boolean => {
    const known = suspects.get(name) ?? hasSuspects([name], unowned);
    suspects.set(name, known);
    return known;
  };
  return new Set(
    packages.flatMap(({ purl, name }, index) =>
      fates[index] === 'removed' && !kept.has(purl) && !isSuspect(name) ? [purl] : [],
    ),
  );
}
