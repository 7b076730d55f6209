import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  costByFolder,
  costByPackage,
  costOf,
  type NamedManifest,
  readRuns,
  type SourceRuns,
} from '@keepset/manifest';
import { COST } from '../definitions/cost.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { printCosts } from '../terminal/print-costs.js';

type CostLine = CommandLineOf<typeof COST>;

/** `keepset cost`: needs an engine only for `--run`. */
export async function costCommand(line: CostLine, console: Console): Promise<undefined> {
  const { options, operands } = line;
  const late = operands.find((word) => word.startsWith('-') && !existsSync(word));
  if (late !== undefined) throw new UsageError(`options go before IMAGE or the manifests: ${late}`);
  const { by, depth, limit } = options;
  const format = tableFormat(options);
  const isTraced = options.run.length > 0 || options.file !== undefined;
  const runs = isTraced ? await trace(line, console) : await readRuns(toManifests(operands));
  const groups =
    by === 'package' ? costByPackage(runs) : by === 'dir' ? costByFolder(runs, depth) : undefined;
  const leaveOneOut = options['leave-one-out'] === true;
  await console.writeOut(printCosts(costOf(runs), groups, { format, leaveOneOut, by, limit }));
}

/** NAME=FILE, or a file that is called after itself. */
function toManifests(words: readonly string[]): readonly NamedManifest[] {
  if (words.length === 0) throw new UsageError('no runs given', `'keepset ${COST.usage[0]}', or manifests.`);
  const manifests = words.map((word) => {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (existsSync(word) || name === undefined || file === undefined)
      return { name: basename(word, '.json'), file: word };
    return { name, file };
  });
  const twice = manifests.find(
    ({ name }, index) => manifests.findIndex((each) => each.name === name) < index,
  );
  if (twice !== undefined)
    throw new UsageError(`two runs are called '${twice.name}'`, 'Name them: NAME=MANIFEST.');
  return manifests;
}

async function trace(line: CostLine, console: Console): Promise<SourceRuns> {
  const { traceCosts } = await import('./trace-costs.js');
  return await traceCosts(line, console);
}
