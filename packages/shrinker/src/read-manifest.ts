import { readFile } from 'node:fs/promises';
import type { Inventory } from '@keepset/inventory';
import type { Explainable, KeepListEntry, Reason } from '@keepset/keep-planner';
import { parsePrintedPath } from '@keepset/strace-parser';
import type { LinkAnswer, LinkReader } from '@keepset/symlink-resolver';
import { MANIFEST_VERSION } from './manifest.js';
import { ShrinkError } from './shrink-error.js';

/** A manifest read back: enough to explain every path of the source. Paths are byte strings. */
export interface StoredManifest extends Explainable, LinkReader {
  readonly source: {
    readonly reference?: string;
    readonly id: string;
    readonly repositoryDigests?: readonly string[];
  };
  readonly result: { readonly reference?: string; readonly id: string };
  readonly keptPaths: readonly KeepListEntry[];
  readonly runs: readonly { readonly name: string; readonly command: readonly string[] }[];
  /** Every path of the source, in no order to rely on. */
  readonly entries: ReadonlyMap<string, StoredPath>;
  /** Absent in manifests of before there was an inventory. */
  readonly inventory?: StoredInventory;
}

/** One path of the source, and what became of it. */
export interface StoredPath {
  readonly type: string;
  /** In the source; of a stub the bytes are not known, and 0. */
  readonly sizeBytes: number;
  readonly isKept: boolean;
  /** Places in the list of packages. */
  readonly owners: readonly number[];
}

export type StoredInventory = Pick<Inventory, 'system' | 'packages' | 'unowned' | 'warnings'>;

interface StoredEntry {
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly linkTarget?: string;
  readonly stub?: true;
  readonly owners?: readonly number[];
}

interface StoredReason {
  readonly rule?: string;
  readonly from?: string;
  readonly asked?: string;
  /** Place in the list of programs. */
  readonly program?: number;
}

interface StoredProgram {
  readonly path: string;
  readonly argv: readonly string[];
}

interface StoredText {
  readonly manifestVersion?: unknown;
  readonly source: StoredManifest['source'];
  readonly result: StoredManifest['result'];
  readonly runs: StoredManifest['runs'];
  readonly system?: Inventory['system'];
  readonly unowned?: Inventory['unowned'];
  readonly inventoryWarnings?: Inventory['warnings'];
  readonly packages?: Inventory['packages'];
  readonly kept: readonly (StoredEntry & { readonly reasons: readonly StoredReason[] })[];
  readonly programs: readonly StoredProgram[];
  readonly removed: readonly StoredEntry[];
}

/**
 * Read what `writeManifest` wrote. It is held whole.
 *
 * @throws ShrinkError MANIFEST_INVALID  it cannot be read, or is of another version
 */
export async function readManifest(file: string): Promise<StoredManifest> {
  const text = await readText(file);
  const { source, result, runs, kept, programs, removed } = text;
  const inventory = toInventory(text);
  const reasons = new Map(kept.map((entry) => [parsePrintedPath(entry.path), entry.reasons]));
  const entries = new Map<string, StoredEntry>();
  for (const list of [kept, removed])
    for (const entry of list) entries.set(parsePrintedPath(entry.path), entry);
  return {
    source,
    result,
    keptPaths: kept.map(({ path, stub }) => ({ path: parsePrintedPath(path), ...(stub && { stub }) })),
    runs,
    ...(inventory !== undefined && { inventory }),
    kept: {
      get(path) {
        const found = reasons.get(path);
        return found && { reasons: found.map((reason) => toReason(reason, programs)) };
      },
    },
    tree: entries,
    entries: new Map([...entries].map(([path, entry]) => [path, toStoredPath(entry, reasons.has(path))])),
    readLinks: async (paths) => paths.map((path) => toAnswer(entries.get(path))),
  };
}

async function readText(file: string): Promise<StoredText> {
  let text: StoredText;
  try {
    text = JSON.parse(await readFile(file, 'utf8')) as StoredText;
  } catch (cause) {
    const why =
      cause instanceof SyntaxError ? 'it is not JSON' : ((cause as { code?: string }).code ?? 'unknown');
    throw new ShrinkError('MANIFEST_INVALID', `cannot read the manifest ${file} (${why})`, { cause });
  }
  if (text?.manifestVersion !== MANIFEST_VERSION) {
    throw new ShrinkError('MANIFEST_INVALID', `${file} is no manifest of version ${MANIFEST_VERSION}`, {
      hint: 'Write one with keepset shrink --manifest FILE.',
    });
  }
  return text;
}

function toInventory(text: StoredText): StoredInventory | undefined {
  const { system = {}, packages, unowned = { files: 0, sizeBytes: 0 }, inventoryWarnings = [] } = text;
  if (packages === undefined) return undefined;
  const parsed = packages.map((each) => ({ ...each, database: parsePrintedPath(each.database) }));
  const warnings = inventoryWarnings.map((each) => ({ ...each, path: parsePrintedPath(each.path) }));
  return { system, packages: parsed, unowned, warnings };
}

function toStoredPath({ type, sizeBytes, owners = [] }: StoredEntry, isKept: boolean): StoredPath {
  return { type, sizeBytes, isKept, owners };
}

function toReason(stored: StoredReason, programs: readonly StoredProgram[]): Reason {
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

function toAnswer(entry: StoredEntry | undefined): LinkAnswer {
  if (entry === undefined) return { kind: 'missing' };
  if (entry.linkTarget !== undefined) return { kind: 'link', target: parsePrintedPath(entry.linkTarget) };
  return { kind: entry.type === 'directory' ? 'directory' : 'other' };
}
