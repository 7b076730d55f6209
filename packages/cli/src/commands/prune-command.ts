import type { PRUNE } from '../definitions/prune.js';
import { engineOf } from '../inputs/engine-of.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';

/** `keepset prune`: what was removed goes to standard output, a line each. */
export async function pruneCommand(_: CommandLineOf<typeof PRUNE>, console: Console): Promise<undefined> {
  await using engine = await engineOf(console);
  for (const removed of await engine.prune()) await console.writeOut(`${removed}\n`);
}
