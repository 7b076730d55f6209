import { type TracedToFile, traceToFile } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { requireWritable } from '../inputs/require-writable.js';
import { toSourceArguments } from '../inputs/to-source-arguments.js';
import { toSourceRequest } from '../inputs/to-source-request.js';
import { parseOptions } from '../options/parse-options.js';
import { KEEPSET_GROUP as GROUP, SOURCE_OPTION_DEFINITIONS } from '../options/source-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { createProgress } from '../terminal/progress.js';

const USAGE = 'keepset trace [OPTIONS] -o FILE IMAGE [COMMAND [ARG...]]';

const { 'keep-list': _, ...SOURCE_OPTIONS } = SOURCE_OPTION_DEFINITIONS;

const GRAMMAR = {
  name: 'keepset trace',
  usage: `Usage: ${USAGE}

Run COMMAND in IMAGE under strace and keep the trace, so that 'keepset shrink --from FILE' can make an image of it later,
or elsewhere, without running it again. No image is made.`,
  epilogue: `FILE holds the traces, what the runs printed and were given as input, and hashes of what they left; the names of
variables, but not their values.`,
  definitions: {
    output: { type: 'string', alias: 'o', nargs: 1, group: GROUP, description: 'Where to write the trace' },
    quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print nothing' },
    json: { type: 'boolean', group: GROUP, description: 'Print one JSON object' },
    ...SOURCE_OPTIONS,
  },
} as const;

/** `keepset trace`: the command's output goes where it went; what keepset says goes to standard error. */
export async function traceCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const parsed = await parseOptions(args, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const file = parsed.options.output as string | undefined;
  if (file === undefined)
    throw new UsageError('the trace has no place', 'Give one with -o FILE, before IMAGE.');
  const source = await toSourceArguments(parsed, console, USAGE);
  requireWritable(file, '-o');
  const progress = createProgress(console, source.quiet || source.json);
  await using engine = await engineOf(console);
  try {
    const traced = await traceToFile(engine, { ...toSourceRequest(source, console), version }, file, {
      onEvent: progress.onEvent,
      async onOutput({ stream, bytes }) {
        if (source.quiet) return;
        progress.clear();
        await (stream === 'stderr' || source.json
          ? console.writeErrorBytes(bytes)
          : console.writeOutBytes(bytes));
      },
      stdin: console.stdin,
    });
    if (source.json) await console.writeOut(`${JSON.stringify({ file, ...traced })}\n`);
    else if (!source.quiet) console.writeError(toText(file, traced));
  } finally {
    progress.clear();
  }
}

function toText(file: string, { runs, sizeBytes }: TracedToFile): string {
  const rows = runs.map(
    ({ name, traceLines, exitStatus }) =>
      `run       ${name}: ${traceLines} lines, exit status ${exitStatus}\n`,
  );
  return `${rows.join('')}written   ${file} (${formatBytes(sizeBytes)})\nnext      keepset shrink --from ${file} -t NAME\n`;
}
