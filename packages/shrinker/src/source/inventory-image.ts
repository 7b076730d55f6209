import type { ImageTree } from '@keepset/image-tree';
import {
  type Inventory,
  type InventoryOptions,
  type InventorySource,
  type MetadataPolicy,
  readInventory,
} from '@keepset/inventory';
import { printPath } from '@keepset/strace-parser';
import type { ImageReader } from '@keepset/toolbox';
import type { Progress } from '../progress.js';
import type { ReadSource } from './open-source.js';

/** What of a reader is needed; an image without an engine has it, too. */
export type HeadReader = Pick<ImageReader, 'readHeads'>;

/** Warn of what was wrong with the package databases. */
export function warnOfDatabases(
  progress: Pick<Progress, 'note'>,
  inventory: Pick<Inventory, 'warnings'>,
): void {
  for (const message of describeInventoryWarnings(inventory)) progress.note('PACKAGES_UNREAD', message);
}

/** One line at most: the manifest has them all. */
export function describeInventoryWarnings({ warnings }: Pick<Inventory, 'warnings'>): readonly string[] {
  const [first, ...others] = warnings;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `; and ${others.length} more, see the manifest`;
  return [`packages: ${printPath(first.path)}: ${first.message}${more}`];
}

/** Of each listing that was asked about: several steps ask, and the databases are read once. */
const inventories = {
  whole: new WeakMap<ImageTree, Promise<Inventory>>(),
  databases: new WeakMap<ImageTree, Promise<Inventory>>(),
};

/**
 * The packages of an image. Nobody's work is to fail for a package database: what goes wrong is a warning.
 *
 * @param options.withContents  whether archives and programs are looked into as well. Default true
 */
export function inventoryImage(
  tree: ImageTree,
  reader: HeadReader,
  { withContents = true }: InventoryOptions = {},
): Promise<Inventory> {
  const { whole, databases } = inventories;
  const known = whole.get(tree) ?? (withContents ? undefined : databases.get(tree));
  const inventory = known ?? readOrWarn(tree, reader, withContents);
  (withContents ? whole : databases).set(tree, inventory);
  return inventory;
}

async function readOrWarn(tree: ImageTree, reader: HeadReader, withContents: boolean): Promise<Inventory> {
  try {
    return await readInventory({ tree, readFiles: wholeFiles(tree, reader) }, { withContents });
  } catch (error) {
    const warning = { path: '/', message: `no package database could be read: ${(error as Error).message}` };
    return { system: {}, packages: [], owners: new Map(), unowned: countAll(tree), warnings: [warning] };
  }
}

/** Contents through the reader, of files of the tree. */
export function wholeFiles(tree: ImageTree, reader: HeadReader): InventorySource['readFiles'] {
  return (paths, maxBytes = Number.MAX_SAFE_INTEGER) =>
    reader.readHeads(
      paths.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 })),
      maxBytes,
    );
}

function countAll(tree: ImageTree): Inventory['unowned'] {
  let files = 0;
  for (const { type } of tree.entries()) if (type !== 'directory') files++;
  return { files, sizeBytes: tree.totalBytes };
}

/**
 * Whose the files of a source are, found out as soon as it is listed, for another reason.
 *
 * @returns undefined where nobody will ask
 */
export function inventoryWhenListed(
  source: Pick<ReadSource, 'listed' | 'heads'>,
  {
    inventory = false,
    sbom = false,
    vex,
    metadata = 'used',
  }: {
    readonly inventory?: boolean;
    readonly sbom?: boolean;
    readonly vex?: unknown;
    readonly metadata?: MetadataPolicy;
  },
): Promise<Inventory> | undefined {
  const withContents = inventory || sbom || vex !== undefined;
  if (!withContents && metadata === 'none') return undefined;
  const found = source.listed.then(async (tree) =>
    inventoryImage(tree, await source.heads(), { withContents }),
  );
  // Awaited after the runs, which may fail first.
  found.catch(() => {});
  return found;
}
