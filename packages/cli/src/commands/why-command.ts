import { explainFrom } from '@keepset/manifest';
import { parsePrintedPath } from '@keepset/strace-parser';
import type { WHY } from '../definitions/why.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { plainLine } from '../terminal/plain-text.js';

/** `keepset why`: needs no engine. */
export async function whyCommand(
  { options, operands: [file, path] }: CommandLineOf<typeof WHY>,
  console: Console,
): Promise<undefined> {
  if (!path.startsWith('/')) throw new UsageError(`'${path}' is not an absolute path`);
  const explanation = (await explainFrom(parsePrintedPath(path), file)).map(plainLine);
  await console.writeOut(
    options.json
      ? `${JSON.stringify({ path, explanation })}\n`
      : explanation.map((line) => `${line}\n`).join(''),
  );
}
