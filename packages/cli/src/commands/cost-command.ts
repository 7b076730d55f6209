import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import {
  costByFolder,
  costByPackage,
  costOf,
  type NamedManifest,
  readRuns,
  type SourceRuns,
  toSourceRuns,
  traceRuns,
} from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { toSourceArguments } from '../inputs/to-source-arguments.js';
import { toSourceRequest } from '../inputs/to-source-request.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { COST_OPTION_DEFINITIONS } from '../options/cost-options.js';
import { type ParsedCommandLine, parseOptions } from '../options/parse-options.js';
import { tableFormat } from '../options/table-format.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { printCosts } from '../terminal/print-costs.js';
import { createProgress } from '../terminal/progress.js';

const USAGE = "keepset cost [OPTIONS] --run NAME='COMMAND' [--run NAME='COMMAND'...] IMAGE";

const GRAMMAR = {
  name: 'keepset cost',
  usage: `Usage: ${USAGE}
       keepset cost [OPTIONS] [NAME=]MANIFEST [[NAME=]MANIFEST...]

Tell what each of several runs over one source costs: in all, alone, with others, and what it adds to the runs before.`,
  epilogue: `UNIQUE and SHARED are TOTAL; the ADDS of all runs, in the order given, are the union. A command is split into words
as a shell does, and follows the image's ENTRYPOINT; --run NAME="sh -c '...'" for more. The commands are traced one
after another, each alone; their output goes to standard error. No image is made.`,
  definitions: COST_OPTION_DEFINITIONS,
};

const DEPTH_DEFAULT = '2';

/** `keepset cost`: needs an engine only for `--run`. */
export async function costCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOptions(args, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const { options, rest } = parsed;
  const late = rest.find((word) => word.startsWith('-') && !existsSync(word));
  if (late !== undefined) throw new UsageError(`options go before IMAGE or the manifests: ${late}`);
  const format = tableFormat(options);
  const by = options.by as 'run' | 'package' | 'dir' | undefined;
  const depth = wholeNumber('depth', options.depth ?? DEPTH_DEFAULT, 1);

  const isTraced = options.run !== undefined || options.file !== undefined;
  const runs = !isTraced ? await readRuns(toManifests(rest)) : await trace(parsed, console);
  const groups =
    by === 'package' ? costByPackage(runs) : by === 'dir' ? costByFolder(runs, depth) : undefined;
  const leaveOneOut = options['leave-one-out'] === true;
  await console.writeOut(printCosts(costOf(runs), groups, { format, leaveOneOut, by: by ?? 'run' }));
}

/** NAME=FILE, or a file that is called after itself. */
function toManifests(words: readonly string[]): readonly NamedManifest[] {
  if (words.length === 0) throw new UsageError('no runs given', `'${USAGE}', or manifests.`);
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

async function trace(parsed: ParsedCommandLine, console: Console): Promise<SourceRuns> {
  const source = await toSourceArguments(parsed, console, USAGE);
  const { command: _, ...request } = toSourceRequest(source, console);
  const progress = createProgress(console, parsed.options.quiet === true);
  await using engine = await engineOf(console);
  try {
    const traced = await traceRuns(engine, request, {
      onEvent: progress.onEvent,
      async onOutput({ bytes }) {
        if (parsed.options.quiet) return;
        progress.clear();
        await console.writeErrorBytes(bytes);
      },
      stdin: console.stdin,
    });
    return toSourceRuns(traced);
  } finally {
    progress.clear();
  }
}
