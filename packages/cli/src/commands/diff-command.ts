import { existsSync } from 'node:fs';
import {
  compareListings,
  type FileListing,
  isManifest,
  type ListingDifference,
  readFileListing,
  readManifestListings,
  sumChanges,
} from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { parseOperands } from '../options/parse-operands.js';
import { FORMAT_OPTION_DEFINITIONS, tableFormat } from '../options/table-format.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { type DiffRows, diffCsv, diffJson, diffText, diffTotals } from '../terminal/print-diff.js';

const GRAMMAR = {
  name: 'keepset diff',
  usage: `Usage: keepset diff [OPTIONS] A B
       keepset diff [OPTIONS] MANIFEST

Tell which files and packages B has that A has not, the other way round, and which are not the same; or, given one
manifest, what its result has not of its source. A and B are manifests (their results), keep lists or images.`,
  epilogue: `A word that names a file is a manifest or a keep list; another is an image. Of two images, contents are read and
compared; elsewhere a file has changed when its size or its time has. Only what both sides know is compared.`,
  definitions: {
    by: {
      type: 'string',
      choices: ['path', 'package', 'dir'],
      nargs: 1,
      description: 'One table: by path, package or folder (default: packages, then paths)',
    },
    depth: { type: 'string', nargs: 1, description: 'Of --by dir: how many folders deep (default 2)' },
    limit: { type: 'string', nargs: 1, description: 'Rows of each table in the text (default 20)' },
    times: {
      type: 'boolean',
      description: 'Times of modification matter also of folders, links and files of the same content',
    },
    'exit-code': { type: 'boolean', description: 'End with exit status 1 when there is a difference' },
    ...FORMAT_OPTION_DEFINITIONS,
  },
} as const;

const DEPTH_DEFAULT = '2';
const LIMIT_DEFAULT = '20';

/** `keepset diff`: needs an engine only for images. */
export async function diffCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const { options, rest } = parsed;
  const [before, after, surplus] = rest;
  if (before === undefined) throw new UsageError('nothing to compare', "'keepset diff A B'.");
  if (surplus !== undefined) throw new UsageError(`two at a time: what is '${surplus}'?`);
  const format = tableFormat(options);
  const by = options.by as DiffRows['by'] | undefined;
  const depth = wholeNumber('depth', options.depth ?? DEPTH_DEFAULT, 1);
  const limit = wholeNumber('limit', options.limit ?? LIMIT_DEFAULT, 1);

  const difference = await compare([before, after], { times: options.times === true }, console);
  await console.writeOut(print(difference, { format, by, depth, limit }));
  const count = difference.changes.length;
  if (options['exit-code'] && count > 0) throw new ShrinkError('DIFFERENT', `${count} paths differ`);
}

type Operands = readonly [before: string, after: string | undefined];

async function compare(
  [before, after]: Operands,
  options: { readonly times: boolean },
  console: Console,
): Promise<ListingDifference> {
  if (after === undefined) {
    if (!existsSync(before) || !(await isManifest(before)))
      throw new UsageError(`compare '${before}' with what?`, 'Only a manifest has two sides of its own.');
    const { source, result } = await readManifestListings(before);
    return compareListings(source, result, options);
  }
  if (existsSync(before) && existsSync(after))
    return compareListings(await readFileListing(before), await readFileListing(after), options);
  const base = console.environment.KEEPSET_TOOLBOX_BASE;
  const toolbox = { source: 'auto' as const, ...(base && { base }) };
  const onPull = (reference: string) =>
    console.writeError(`keepset: the engine has no image '${reference}': pulling it\n`);
  await using engine = await engineOf(console);
  if (!existsSync(before) && !existsSync(after))
    return await compareImages(engine, [before, after], { toolbox, onPull, ...options });
  const listingOf = async (name: string): Promise<FileListing> => {
    if (existsSync(name)) return await readFileListing(name);
    await using image = await listImage(engine, name, { toolbox, onPull: () => onPull(name) });
    return image.listing;
  };
  return compareListings(await listingOf(before), await listingOf(after), options);
}

interface Manner {
  readonly format: ReturnType<typeof tableFormat>;
  readonly by: DiffRows['by'] | undefined;
  readonly depth: number;
  readonly limit: number;
}

function print(difference: ListingDifference, { format, by, depth, limit }: Manner): string {
  if (format === 'json')
    return `${JSON.stringify(diffJson(difference, sumChanges(difference.changes, depth)))}\n`;
  const rowsBy = (kind: DiffRows['by']): DiffRows => {
    if (kind === 'dir') return { by: kind, rows: sumChanges(difference.changes, depth) };
    if (kind === 'path') return { by: kind, rows: difference.changes };
    if (difference.packages === undefined)
      throw new ShrinkError('MANIFEST_INVALID', 'one side does not tell of packages', {
        hint: 'Keep lists do not, nor do manifests of an older keepset: compare by path or dir.',
      });
    return { by: kind, rows: difference.packages };
  };
  if (format === 'csv') return diffCsv(rowsBy(by ?? 'path'));
  const kinds = by === undefined ? (['package', 'path'] as const) : [by];
  const tables = kinds
    .filter((kind) => by !== undefined || kind !== 'package' || difference.packages !== undefined)
    .map(rowsBy)
    .filter(({ rows }) => rows.length > 0)
    .map((rows) => `${diffText(rows, limit)}\n`);
  return `${tables.join('')}${diffTotals(difference)}`;
}
