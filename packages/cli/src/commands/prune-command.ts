import { engineOf } from '../inputs/engine-of.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const HELP = `Usage: keepset prune

Remove what keepset left at the engine when it was killed, and its toolbox: containers, volumes and unnamed
images of its own. Not while another keepset works with the same engine.
`;

export async function pruneCommand(args: readonly string[], console: Console): Promise<void> {
  if (args[0] === '--help') return void (await console.writeOut(HELP));
  if (args.length > 0)
    throw new UsageError(`prune takes no '${args[0]}'`, "'keepset prune --help' tells more.");
  await using engine = await engineOf(console);
  for (const removed of await engine.prune()) await console.writeOut(`${removed}\n`);
}
