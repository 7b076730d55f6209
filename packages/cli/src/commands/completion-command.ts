import { completionScript } from '../completion/completion-script.js';
import type { COMPLETION } from '../definitions/completion.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';

/** `keepset completion`: needs no engine. */
export async function completionCommand(
  { operands: [shell] }: CommandLineOf<typeof COMPLETION>,
  console: Console,
): Promise<undefined> {
  await console.writeOut(completionScript(shell));
}
