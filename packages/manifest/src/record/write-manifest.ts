import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import type { GeneratedEntry, Inventory } from '@keepset/inventory';
import type { KeepPlan, Reason } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { printMasked, printVerification, printWarning } from './escaped-paths.js';
import { firstNameOf } from './first-name.js';
import { MANIFEST_VERSION, type Manifest, type ManifestCheck, type ManifestGenerated } from './manifest.js';

/**
 * Write a manifest as JSON, one entry a line, without ever holding its text: an image of a million files makes a
 * manifest of hundreds of megabytes. Paths are C-escaped, so that every byte string survives. The file gets its name when
 * it is whole.
 */
export async function writeManifest(manifest: Manifest, file: string): Promise<void> {
  const place = await realpath(file).catch(() => file);
  const found = await stat(place).catch(() => undefined);
  // A pipe or a device has nothing to lose.
  if (found !== undefined && !found.isFile()) return await writeText(manifest, file);
  const partial = join(dirname(place), `.keepset-${randomUUID()}.partial`);
  try {
    await writeText(manifest, partial);
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    if (!ONLY_IN_PLACE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await writeText(manifest, place);
  }
}

/** The file may be written where its folder may not, or is a mount. */
const ONLY_IN_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

async function writeText(manifest: Manifest, file: string): Promise<void> {
  await pipeline(Readable.from(manifestText(manifest)), createWriteStream(file));
}

function* manifestText(manifest: Manifest): Generator<string> {
  const { plan, tree, digests, inventory, runs, verified, tool, platform, source, result } = manifest;
  const { checks = [], repairs = [], masked = [], metadata, generated = [], verification } = manifest;
  const { hardening } = manifest;
  const programs = new Map<string, number>();
  const facts = {
    manifestVersion: MANIFEST_VERSION,
    tool,
    platform,
    source,
    result,
    runs,
    verified,
    ...(verification !== undefined && { verification: printVerification(verification) }),
    ...(checks.length > 0 && { checks: checks.map(printCheck) }),
    ...(metadata !== undefined && { metadata }),
    ...(repairs.length > 0 && {
      repairs: repairs.map(({ round, run, path, because }) => ({
        round,
        run,
        path: printPath(path),
        ...(because !== undefined && { because }),
      })),
    }),
    ...(masked.length > 0 && { masked: masked.map(printMasked) }),
    ...(hardening !== undefined && { hardening }),
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
