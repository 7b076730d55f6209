import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import type { GeneratedEntry, Inventory, MetadataPolicy } from '@keepset/inventory';
import type { KeepPlan, PlanWarning, Reason } from '@keepset/keep-planner';
import type { Content } from '@keepset/run-comparison';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import { firstNameOf } from './first-name.js';
import type { MaskedInRun, Repair } from './prove-result.js';

/** Raised when a reader of older manifests would misunderstand a newer one. */
export const MANIFEST_VERSION = 1;

/** The image before or after. */
export interface ManifestImage {
  /** As the user named it. */
  readonly reference: string | undefined;
  readonly id: string;
  /** NAME@sha256:… under which registries have it. */
  readonly repositoryDigests?: readonly string[];
  /** sha256:… of its manifest, where it was written as an OCI image. */
  readonly manifestDigest?: string;
  readonly layerDigest?: string;
  readonly sizeBytes: number;
}

/** One traced command. */
export interface ManifestRun {
  readonly name: string;
  /** ENTRYPOINT and CMD as they were merged. */
  readonly command: readonly string[];
  readonly exitStatus: number;
  readonly stdout: Pick<Content, 'sha256' | 'sizeBytes'>;
  readonly stderr: Pick<Content, 'sha256' | 'sizeBytes'>;
  /** What was asked of a service, in order. Absent: nothing. */
  readonly steps?: readonly ManifestStep[];
  /** Of a traced run, as is the next: with a locked keep list nothing is traced. */
  readonly user?: {
    readonly uid: number;
    readonly gid: number;
    readonly supplementaryGids: readonly number[];
  };
  readonly traceLines?: number;
  /** What made what, and what each executed: at most the first 5,000. */
  readonly processes?: readonly ManifestProcess[];
}

/** Something that was asked of a run while it went on. */
interface ManifestStep {
  /** exec '…', probe '…', or http METHOD PATH */
  readonly name: string;
  /** Exit status, or status of the HTTP answer. */
  readonly status: number;
  readonly stdout: Pick<Content, 'sha256' | 'sizeBytes'>;
  readonly stderr: Pick<Content, 'sha256' | 'sizeBytes'>;
}

/** One process of a traced run. All text is C-escaped. */
export interface ManifestProcess {
  readonly pid: number;
  /** Absent where the trace does not tell. */
  readonly parent?: number;
  /** One after the other; empty: what its parent had executed. */
  readonly programs: readonly { readonly path: string; readonly argv: readonly string[] }[];
}

/** A command that was not traced, and was held against the source as well. */
export interface ManifestCheck {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it does in the result what it does in the source. */
  readonly same: boolean;
  /** What the result lacks for it, as far as it can be told. Absent: nothing. */
  readonly missing?: readonly string[];
}

/** The record of one shrink. Its JSON form is described by schema/manifest.schema.json. */
export interface Manifest {
  readonly tool: { readonly name: 'keepset'; readonly version: string };
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly source: ManifestImage;
  readonly result: ManifestImage;
  readonly runs: readonly ManifestRun[];
  readonly verified: boolean;
  /** Absent: there were none. */
  readonly checks?: readonly ManifestCheck[];
  /** What the first keep list lacked. Absent: nothing was repaired. */
  readonly repairs?: readonly Repair[];
  /** What was not compared, since the command varies in it. Absent: everything was. */
  readonly masked?: readonly MaskedInRun[];
  readonly plan: KeepPlan;
  /** What became of the package databases. Default none. */
  readonly metadata?: MetadataPolicy;
  /** What of the result is not the source's. */
  readonly generated?: readonly GeneratedEntry[];
  readonly tree: ImageTree;
  /** sha256 (hexadecimal digits) of kept files, as far as they are known. */
  readonly digests?: ReadonlyMap<string, string>;
  /** Whose the files are; absent where nobody looked. */
  readonly inventory?: Inventory;
}

/**
 * Write a manifest as JSON, one entry a line, without ever holding its text: an image of a million files makes a
 * manifest of hundreds of megabytes. Paths are C-escaped, so that every byte string survives.
 */
export async function writeManifest(manifest: Manifest, file: string): Promise<void> {
  await pipeline(Readable.from(manifestText(manifest)), createWriteStream(file));
}

function* manifestText(manifest: Manifest): Generator<string> {
  const { plan, tree, digests, inventory, runs, verified, tool, platform, source, result } = manifest;
  const { checks = [], repairs = [], masked = [], metadata, generated = [] } = manifest;
  const programs = new Map<string, number>();
  const facts = {
    manifestVersion: MANIFEST_VERSION,
    tool,
    platform,
    source,
    result,
    runs,
    verified,
    ...(checks.length > 0 && { checks: checks.map(printCheck) }),
    ...(metadata !== undefined && { metadata }),
    ...(repairs.length > 0 && {
      repairs: repairs.map(({ round, run, path }) => ({ round, run, path: printPath(path) })),
    }),
    ...(masked.length > 0 && { masked: masked.map(printMasked) }),
  };
  // The facts without the closing brace: the long lists follow.
  yield `${JSON.stringify(facts, undefined, 2).slice(0, -2)},\n  "warnings": [`;
  yield* lines(plan.warnings, printWarning);
  yield `],\n  "listed": ${JSON.stringify(plan.listed.map(printPath))},\n  "generated": [`;
  yield* lines(generated, printGenerated);
  yield '],\n  "kept": [';
  yield* lines(plan.kept.values(), ({ path, reasons, stub }) => {
    const entry = tree.get(path);
    const sha256 = stub ? undefined : digests?.get(path);
    return {
      path: printPath(path),
      ...(entry && printEntry(entry, tree)),
      ...(stub && { sizeBytes: 0, stub, sourceSizeBytes: entry?.sizeBytes ?? 0 }),
      ...(sha256 !== undefined && { sha256 }),
      ...ownersOf(path, inventory),
      reasons: reasons.map((reason) => printReason(reason, programs)),
    };
  });
  yield '],\n  "programs": [';
  yield* lines(programs.keys(), (text) => JSON.parse(text) as object);
  yield '],\n  "removed": [';
  yield* lines(removedEntries(tree, plan), (entry) => ({
    path: printPath(entry.path),
    ...printEntry(entry, tree),
    ...ownersOf(entry.path, inventory),
  }));
  if (inventory !== undefined) yield* inventoryText(inventory);
  yield ']\n}\n';
}

/** With its paths C-escaped, as everywhere in a manifest. */
export function printMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, printPath);
}

/** The inverse of `printMasked`. */
export function parseMasked(masked: MaskedInRun): MaskedInRun {
  return mapMaskedPath(masked, parsePrintedPath);
}

function mapMaskedPath({ where, ...rest }: MaskedInRun, map: (path: string) => string): MaskedInRun {
  const hasPath = typeof where === 'object' && 'path' in where;
  return { where: hasPath ? { path: map(where.path) } : where, ...rest };
}

/** What is told of the packages, up to the bracket that ends the last list. */
function* inventoryText({ system, packages, unowned, warnings }: Inventory): Generator<string> {
  yield `],\n  "system": ${JSON.stringify(system)},\n  "unowned": ${JSON.stringify(unowned)},\n  "inventoryWarnings": [`;
  yield* lines(warnings, (warning) => ({ ...warning, path: printPath(warning.path) }));
  yield '],\n  "packages": [';
  yield* lines(packages, (each) => ({ ...each, database: printPath(each.database) }));
}

/** Owners by their places in the list of packages, as reasons name their programs. */
function ownersOf(path: string, inventory: Inventory | undefined): object {
  const owners = inventory?.owners.get(path);
  return owners === undefined ? {} : { owners };
}

function* lines<T>(items: Iterable<T>, toJson: (item: T) => object): Generator<string> {
  let separator = '\n    ';
  for (const item of items) {
    yield separator + JSON.stringify(toJson(item));
    separator = ',\n    ';
  }
}

function* removedEntries(tree: ImageTree, plan: KeepPlan) {
  for (const entry of tree.entries()) if (!plan.kept.has(entry.path)) yield entry;
}

function printCheck({ missing, ...check }: ManifestCheck): ManifestCheck {
  return { ...check, ...(missing !== undefined && { missing: missing.map(printPath) }) };
}

/** An entry that keepset wrote. */
export interface ManifestGenerated {
  /** C-escaped, as is `from`. */
  readonly path: string;
  readonly type: 'file' | 'directory';
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtimeSeconds: number;
  /** Hexadecimal digits. */
  readonly sha256?: string;
  /** The database of the source that it was made from. */
  readonly from: string;
}

function printGenerated({
  path,
  content,
  from,
  mode,
  uid,
  gid,
  mtimeSeconds,
}: GeneratedEntry): ManifestGenerated {
  return {
    path: printPath(path),
    type: content === undefined ? 'directory' : 'file',
    sizeBytes: content?.byteLength ?? 0,
    mode,
    ...(uid !== 0 && { uid }),
    ...(gid !== 0 && { gid }),
    mtimeSeconds,
    ...(content !== undefined && { sha256: createHash('sha256').update(content).digest('hex') }),
    from: printPath(from),
  };
}

/** What lstat tells; an owner of 0 goes without saying, as does a hard link's first name. */
function printEntry(entry: TreeEntry, tree: ImageTree): object {
  const { type, sizeBytes, mode, uid, gid, mtimeSeconds, linkTarget } = entry;
  const hardLinkTo = firstNameOf(entry, tree);
  return {
    type,
    sizeBytes: type === 'file' ? sizeBytes : 0,
    mode,
    ...(uid !== 0 && { uid }),
    ...(gid !== 0 && { gid }),
    mtimeSeconds,
    ...(linkTarget !== undefined && { linkTarget: printPath(linkTarget) }),
    ...(hardLinkTo !== undefined && { hardLinkTo: printPath(hardLinkTo) }),
  };
}

/** Programs are named by their place in a list of their own: one argv may stand behind a thousand files. */
function printReason(reason: Reason, programs: Map<string, number>): object {
  if (reason.kind === 'rule') {
    return { rule: reason.rule, ...(reason.from !== undefined && { from: printPath(reason.from) }) };
  }
  const { run, action, call, line, count, errno, asked, program } = reason;
  return {
    run,
    action,
    call,
    line,
    count,
    ...(errno !== undefined && { errno }),
    ...(asked !== undefined && { asked: printPath(asked) }),
    ...(program !== undefined && { program: programIndex(program, programs) }),
  };
}

function programIndex(
  program: { readonly path: string; readonly argv: readonly string[] },
  programs: Map<string, number>,
): number {
  const text = JSON.stringify({ path: printPath(program.path), argv: program.argv.map(printPath) });
  let index = programs.get(text);
  if (index === undefined) {
    index = programs.size;
    programs.set(text, index);
  }
  return index;
}

/** What of a warning is a byte string; the rest is text. */
const PATH_KEYS: ReadonlySet<string> = new Set(['path', 'wanted', 'ours', 'kernels']);

/** A warning of the plan with its paths C-escaped, as everywhere in a manifest. */
export function printWarning(warning: PlanWarning): PlanWarning {
  return mapPaths(warning, printPath);
}

/** The inverse. */
export function parseWarning(warning: PlanWarning): PlanWarning {
  return mapPaths(warning, parsePrintedPath);
}

function mapPaths(warning: PlanWarning, map: (path: string) => string): PlanWarning {
  return Object.fromEntries(
    Object.entries(warning).map(([key, value]) => [key, PATH_KEYS.has(key) ? map(value) : value]),
  ) as unknown as PlanWarning;
}
