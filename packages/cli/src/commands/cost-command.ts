import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  costByFolder,
  costByPackage,
  costOf,
  type NamedManifest,
  readManifest,
  readRuns,
  type SourceRuns,
} from '@keepset/manifest';
import { COST } from '../definitions/cost.js';
import { manifestFiles, nameIn, namesSeveral } from '../inputs/manifest-files.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { printCosts, printSourceCosts, type SourceCosts } from '../terminal/print-costs.js';
import { passedOver } from './archives/passed-over.js';

type CostLine = CommandLineOf<typeof COST>;

/** `keepset cost`: needs an engine only for `--run`. */
export async function costCommand(line: CostLine, console: Console): Promise<undefined> {
  const { options, operands } = line;
  const late = operands.find((word) => word.startsWith('-') && !existsSync(word));
  if (late !== undefined) throw new UsageError(`options go before IMAGE or the manifests: ${late}`);
  const { by, depth, limit } = options;
  const format = tableFormat(options);
  const costsOf = (runs: SourceRuns) => ({
    whole: costOf(runs),
    groups: by === 'package' ? costByPackage(runs) : by === 'dir' ? costByFolder(runs, depth) : undefined,
  });
  const printed = { format, leaveOneOut: options['leave-one-out'] === true, by, limit };
  const isTraced = options.run.length > 0 || options.file !== undefined;
  if (isTraced || !operands.some(isOfSeveral)) {
    const runs = isTraced ? await trace(line, console) : await readRuns(await toManifests(operands));
    await console.writeOut(printCosts(costsOf(runs), printed));
    return;
  }
  const sources: SourceCosts[] = [];
  for (const { source, manifests } of await bySource(await toManifests(operands), console))
    sources.push({ source, ...costsOf(await readRuns(manifests)) });
  await console.writeOut(printSourceCosts(sources, printed));
}

/** A fleet, folder or pattern. */
function isOfSeveral(word: string): boolean {
  return namesSeveral(word) && (existsSync(word) || !NAMED.test(word));
}

const NAMED = /^([^=]+)=(.+)$/;

/** NAME=FILE, a file that is called after itself, or all that a fleet, folder or pattern has. */
async function toManifests(words: readonly string[]): Promise<readonly NamedManifest[]> {
  if (words.length === 0) throw new UsageError('no runs given', `'keepset ${COST.usage[0]}', or manifests.`);
  const manifests: NamedManifest[] = [];
  for (const word of words) {
    const [, name, file] = NAMED.exec(word) ?? [];
    if (isOfSeveral(word)) {
      const found = await manifestFiles(word, 'MANIFEST');
      manifests.push(...found.files.map((each) => ({ name: nameIn(found, each), file: each })));
    } else if (existsSync(word) || name === undefined || file === undefined)
      manifests.push({ name: basename(word, '.json'), file: word });
    else manifests.push({ name, file });
  }
  const twice = manifests.find(
    ({ name }, index) => manifests.findIndex((each) => each.name === name) < index,
  );
  if (twice !== undefined)
    throw new UsageError(`two runs are called '${twice.name}'`, 'Name them: NAME=MANIFEST.');
  return manifests;
}

/** Runs are counted together only where they are of one source. */
async function bySource(
  manifests: readonly NamedManifest[],
  console: Console,
): Promise<readonly { readonly source: string; readonly manifests: readonly NamedManifest[] }[]> {
  const sources = new Map<string, { readonly source: string; readonly manifests: NamedManifest[] }>();
  for (const manifest of manifests)
    await passedOver(console, async () => {
      const { source } = await readManifest(manifest.file, { only: NO_PATHS });
      const known = sources.get(source.id);
      if (known === undefined)
        sources.set(source.id, { source: source.reference ?? source.id, manifests: [manifest] });
      else known.manifests.push(manifest);
    });
  if (sources.size === 0) throw new UsageError('there is no manifest among what was given');
  return [...sources.values()];
}

const NO_PATHS: ReadonlySet<string> = new Set();

async function trace(line: CostLine, console: Console): Promise<SourceRuns> {
  const { traceCosts } = await import('./trace-costs.js');
  return await traceCosts(line, console);
}
