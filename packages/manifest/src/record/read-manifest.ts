import type { Hardening } from '@keepset/hardening';
import type { Inventory, MetadataPolicy } from '@keepset/inventory';
import {
  type Explainable,
  isMetadata,
  type KeepListEntry,
  type PlanWarning,
  type Reason,
} from '@keepset/keep-planner';
import { parsePrintedPath, printPath } from '@keepset/strace-parser';
import type { LinkAnswer, LinkReader } from '@keepset/symlink-resolver';
import { ManifestError } from '../manifest-error.js';
import { EntryTable, type StoredEntries, type StoredPath } from './entry-table.js';
import { parseMasked, parseVerification, parseWarning } from './escaped-paths.js';
import type { ManifestCheck, ManifestGenerated, MaskedInRun, Repair } from './manifest.js';
import { requireReasons } from './manifest-shape.js';
import { type ManifestRest, scanManifest } from './scan-manifest.js';
import type { Verification } from './verification.js';

/** A manifest read back: enough to explain every path of the source. Paths are byte strings. */
export interface StoredManifest
  extends Explainable,
    LinkReader,
    Pick<ManifestRest, 'source' | 'result' | 'runs' | 'platform'> {
  /** Undefined in what is no shrink's. */
  readonly verified: boolean | undefined;
  /** What was compared. Absent in older manifests. */
  readonly verification?: Verification;
  /** Commands that had no part in making the result. */
  readonly checks: readonly ManifestCheck[];
  /** Paths that the first result lacked. */
  readonly repairs: readonly Omit<Repair, 'reasons'>[];
  /** What was not compared. */
  readonly masked: readonly MaskedInRun[];
  /** The least rights of the result. Absent: nobody asked. */
  readonly hardening?: Hardening;
  readonly warnings: readonly PlanWarning[];
  /** Kept directories whose entries a run listed. */
  readonly listed: readonly string[];
  /** As the keep list has them: without what is kept for scanners alone. */
  readonly keptPaths: readonly KeepListEntry[];
  /** What became of the package databases; in older manifests none. */
  readonly metadata: MetadataPolicy;
  /** What of the result is not the source's, by path. */
  readonly generated: ReadonlyMap<string, StoredGenerated>;
  /** Paths of the source: all, or those that were asked for. */
  readonly entries: StoredEntries;
  /** Absent in manifests of before there was an inventory. */
  readonly inventory?: StoredInventory;
}

/** A file or folder that keepset wrote. Paths are byte strings. */
type StoredGenerated = Omit<ManifestGenerated, 'path'>;

export type StoredInventory = Pick<Inventory, 'system' | 'packages' | 'unowned' | 'warnings'>;

interface StoredReason {
  readonly rule?: string;
  readonly from?: string;
  readonly asked?: string;
  /** Place in the list of programs. */
  readonly program?: number;
}

interface ReadOptions {
  /** Paths (byte strings) that are asked about: no others are held. Default all. */
  readonly only?: ReadonlySet<string>;
  /** Which entries are asked about. Default both. */
  readonly side?: 'kept' | 'removed';
}

/**
 * Read what `writeManifest` wrote. It is held whole, reasons as text until they are asked for.
 *
 * @throws ManifestError MANIFEST_INVALID  it cannot be read, or is of another version
 * @example const { entries } = await readManifest('manifest.json');
 */
export async function readManifest(file: string, { only, side }: ReadOptions = {}): Promise<StoredManifest> {
  const entries = new EntryTable();
  const rest = await scanManifest(
    file,
    (entry, reasons) => {
      if (reasons === undefined ? side !== 'kept' : side !== 'removed') entries.set(entry, reasons);
    },
    only && new Set([...only].map(printPath)),
  );
  const { source, result, runs, platform, verified, warnings = [], listed = [], programs } = rest;
  const { checks = [], repairs = [], masked = [], metadata = 'none', generated = [] } = rest;
  const inventory = toInventory(rest);
  return {
    source,
    result,
    runs,
    ...(platform !== undefined && { platform }),
    verified,
    ...(rest.verification !== undefined && { verification: parseVerification(rest.verification) }),
    checks: checks.map(({ missing, ...check }) => ({
      ...check,
      ...(missing !== undefined && { missing: missing.map(parsePrintedPath) }),
    })),
    repairs: repairs.map((repair) => ({ ...repair, path: parsePrintedPath(repair.path) })),
    masked: masked.map(parseMasked),
    ...(rest.hardening !== undefined && { hardening: rest.hardening }),
    warnings: warnings.map(parseWarning),
    listed: listed.map(parsePrintedPath),
    get keptPaths() {
      return listKeptPaths(entries, programs);
    },
    metadata,
    generated: new Map(
      generated.map(({ path, from, ...facts }) => [
        parsePrintedPath(path),
        { ...facts, from: parsePrintedPath(from) },
      ]),
    ),
    ...(inventory !== undefined && { inventory }),
    kept: {
      get(path) {
        const text = entries.reasonsOf(path);
        if (text === undefined) return undefined;
        return { reasons: parseReasons(text, programs) };
      },
    },
    tree: entries,
    entries,
    readLinks: async (paths) => paths.map((path) => toAnswer(entries.get(path))),
  };
}

export function toInventory(rest: ManifestRest): StoredInventory | undefined {
  const { system = {}, packages, unowned = { files: 0, sizeBytes: 0 }, inventoryWarnings = [] } = rest;
  if (packages === undefined) return undefined;
  const parsed = packages.map((each) => ({ ...each, database: parsePrintedPath(each.database) }));
  const warnings = inventoryWarnings.map((each) => ({ ...each, path: parsePrintedPath(each.path) }));
  return { system, packages: parsed, unowned, warnings };
}

/** Most reasons are not asked for, and so not parsed. */
const METADATA = '"rule":"metadata"';

function listKeptPaths(entries: EntryTable, programs: ManifestRest['programs']): readonly KeepListEntry[] {
  const kept: KeepListEntry[] = [];
  for (const [path, { isKept, isStub }] of entries) {
    if (!isKept) continue;
    const text = entries.reasonsOf(path) ?? '';
    if (text.includes(METADATA) && isMetadata({ reasons: parseReasons(text, programs) })) continue;
    kept.push({ path, ...(isStub && { stub: true as const }) });
  }
  return kept;
}

/**
 * @param text  the JSON of an entry's reasons
 * @throws ManifestError MANIFEST_INVALID
 */
export function parseReasons(text: string, programs: ManifestRest['programs']): readonly Reason[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
    requireReasons(stored, 'an entry');
  } catch (cause) {
    const { message } = cause as Error;
    throw new ManifestError('MANIFEST_INVALID', `cannot read the manifest (${message})`, { cause });
  }
  return (stored as StoredReason[]).map((each) => toReason(each, programs));
}

function toReason(stored: StoredReason, programs: ManifestRest['programs']): Reason {
  const { program: index, ...facts } = stored;
  const program = index === undefined ? undefined : programs[index];
  return {
    ...facts,
    kind: facts.rule === undefined ? 'access' : 'rule',
    ...(facts.from !== undefined && { from: parsePrintedPath(facts.from) }),
    ...(facts.asked !== undefined && { asked: parsePrintedPath(facts.asked) }),
    ...(program !== undefined && {
      program: { path: parsePrintedPath(program.path), argv: program.argv.map(parsePrintedPath) },
    }),
  } as Reason;
}

/** What a link reader says of an entry. */
export function toAnswer(entry: StoredPath | undefined): LinkAnswer {
  if (entry === undefined) return { kind: 'missing' };
  if (entry.linkTarget !== undefined) return { kind: 'link', target: entry.linkTarget };
  return { kind: entry.type === 'directory' ? 'directory' : 'other' };
}
