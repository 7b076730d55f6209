import { type TracedToFile, traceToFile } from '@keepset/shrinker';
import { TRACE } from '../definitions/trace.js';
import { engineOf } from '../inputs/engine-of.js';
import { requireWritable } from '../inputs/require-writable.js';
import { toService } from '../inputs/to-service.js';
import { toSourceArguments } from '../inputs/to-source-arguments.js';
import { toTraceOptions } from '../inputs/to-trace-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { createProgress } from '../terminal/progress.js';
import { runStreams } from '../terminal/run-streams.js';
import { VERSION } from '../version.js';

/** `keepset trace`: the command's output goes where it went; what keepset says goes to standard error. */
export async function traceCommand(
  { options, operands }: CommandLineOf<typeof TRACE>,
  console: Console,
): Promise<undefined> {
  const { output: file } = options;
  const source = await toSourceArguments(
    { options, operands, service: toService(options), usage: TRACE.usage[0] },
    console,
  );
  requireWritable(file, '-o');
  const progress = await createProgress(console, source.quiet || source.json);
  await using engine = await engineOf(console);
  try {
    const request = { ...toTraceOptions(source, console), version: VERSION };
    const traced = await traceToFile(
      engine,
      request,
      file,
      runStreams(console, { progress, isQuiet: source.quiet, standardOutput: source.json ? 'error' : 'out' }),
    );
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
