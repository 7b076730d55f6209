import { writeFile } from 'node:fs/promises';
import { type CheckResult, checkLocked, ShrinkError } from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { parseCheck } from '../inputs/parse-check.js';
import { toSourceRequest } from '../inputs/to-source-request.js';
import type { Console } from '../terminal/console.js';
import { describeWarnings } from '../terminal/describe-warnings.js';
import { createProgress } from '../terminal/progress.js';

/** `keepset check`: the difference goes to standard output, everything else to standard error. */
export async function checkCommand(args: readonly string[], console: Console): Promise<void> {
  const command = await parseCheck(args, console, console.columns);
  if (typeof command === 'string') return void (await console.writeOut(`${command}\n`));
  const progress = createProgress(console, command.quiet || command.json);
  await using engine = await engineOf(console);
  try {
    const result = await checkLocked(
      engine,
      { ...toSourceRequest(command, console), locked: command.locked },
      {
        onEvent: progress.onEvent,
        async onOutput({ bytes }) {
          if (command.quiet) return;
          progress.clear();
          await console.writeErrorBytes(bytes);
        },
        stdin: console.stdin,
      },
    );
    if (command.keepListFile !== undefined) await writeFile(command.keepListFile, result.keepList);
    if (command.json) await console.writeOut(`${JSON.stringify(result.drift)}\n`);
    else await console.writeOut(toLines(result));
    if (!command.quiet && !command.json)
      for (const line of describeWarnings(result.plan, { listedPolicy: command.keep.listed }))
        console.writeError(`keepset: ${line}\n`);
    requireNoDrift(result);
  } finally {
    progress.clear();
  }
}

function toLines({ drift }: CheckResult): string {
  return [...drift.added.map((line) => `+ ${line}\n`), ...drift.removed.map((line) => `- ${line}\n`)].join(
    '',
  );
}

function requireNoDrift({ drift: { added, removed } }: CheckResult): void {
  if (added.length === 0 && removed.length === 0) return;
  throw new ShrinkError(
    'LOCKED_DRIFT',
    `the keep list is not what the command needs: it lacks ${added.length} paths, and has ${removed.length} that are not needed`,
    { hint: 'Review the difference; --keep-list FILE writes the new list.' },
  );
}
