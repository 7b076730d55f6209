import { writeFile } from 'node:fs/promises';
import { type CheckResult, checkLocked } from '@keepset/shrinker';
import { CHECK } from '../definitions/check.js';
import { engineOf } from '../inputs/engine-of.js';
import { requireWritable } from '../inputs/require-writable.js';
import { toService } from '../inputs/to-service.js';
import { toSourceArguments } from '../inputs/to-source-arguments.js';
import { toTraceOptions } from '../inputs/to-trace-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { describeWarnings } from '../terminal/describe-warnings.js';
import { createProgress } from '../terminal/progress.js';
import { runStreams } from '../terminal/run-streams.js';

/** `keepset check`: the difference goes to standard output, everything else to standard error. */
export async function checkCommand(
  { options, operands }: CommandLineOf<typeof CHECK>,
  console: Console,
): Promise<number | undefined> {
  const source = await toSourceArguments(
    { options, operands, service: toService(options), usage: CHECK.usage[0] },
    console,
  );
  const { locked = '', quiet, json } = source;
  requireWritable(source.keepListFile, '--keep-list');
  const progress = await createProgress(console, quiet || json);
  await using engine = await engineOf(console);
  try {
    const result = await checkLocked(
      engine,
      { ...toTraceOptions(source, console), locked },
      runStreams(console, { progress, isQuiet: quiet, standardOutput: 'error' }),
    );
    if (source.keepListFile !== undefined) await writeFile(source.keepListFile, result.keepList);
    await console.writeOut(json ? `${JSON.stringify(result.drift)}\n` : toLines(result));
    if (!quiet && !json)
      for (const line of describeWarnings(result.plan, { listedPolicy: source.keep.listed }))
        console.writeError(`keepset: ${line}\n`);
    return reportDrift(result, console);
  } finally {
    progress.clear();
  }
}

function toLines({ drift }: CheckResult): string {
  return [...drift.added.map((line) => `+ ${line}\n`), ...drift.removed.map((line) => `- ${line}\n`)].join(
    '',
  );
}

const DRIFTED = 1;

/** @returns the exit status */
function reportDrift({ drift: { added, removed } }: CheckResult, console: Console): number | undefined {
  if (added.length === 0 && removed.length === 0) return;
  console.writeError(
    `keepset: the keep list has drifted: it lacks ${added.length} paths that the command needs, and has ${removed.length} that it does not need
  Review the difference; --keep-list FILE writes the new list.
`,
  );
  return DRIFTED;
}
