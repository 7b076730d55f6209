#!/usr/bin/env -S node --max-semi-space-size=1 --
import { commandsText } from './options/help-text.js';
import { nearestName } from './options/nearest-name.js';
import { UsageError } from './options/usage-error.js';
import { COMMANDS } from './registry.js';
import type { Console } from './terminal/console.js';
import { describeError } from './terminal/describe-error.js';
import { processConsole, SIGNAL_STATUS } from './terminal/process-console.js';
import { VERSION } from './version.js';

const ABOUT =
  'Make a Docker image as small as the command that runs in it needs, and verify that it still works.';
const NODE_MAJOR_MIN = 22;

/** @returns the exit status */
async function main([name, ...args]: readonly string[], console: Console): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN)
    throw new UsageError(
      `keepset needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}`,
      'bin/keepset of the repository brings its own; or install a maintained Node.',
    );
  switch (name) {
    case '--version':
    case 'version':
      await console.writeOut(`${VERSION}\n`);
      return 0;
    case '--help':
    case '-h':
    case 'help':
      await console.writeOut(
        commandsText(
          COMMANDS.map(({ definition }) => definition),
          ABOUT,
        ),
      );
      return 0;
    case undefined:
      throw new UsageError('no command given', "'keepset --help' lists them.");
    default:
      return await findCommand(name).run(args, console);
  }
}

function findCommand(name: string): (typeof COMMANDS)[number] {
  const found = COMMANDS.find(({ definition }) => definition.name === name);
  if (found !== undefined) return found;
  const meant = nearestName(
    name,
    COMMANDS.map(({ definition }) => definition.name),
  );
  throw new UsageError(
    `there is no command '${name}'${meant === undefined ? '' : `: did you mean '${meant}'?`}`,
    "'keepset --help' lists them.",
  );
}

const console = processConsole();
try {
  process.exitCode = await main(process.argv.slice(2), console);
} catch (error) {
  const received = console.received();
  const failure = describeError(error);
  if (received !== undefined) {
    console.writeError('keepset: interrupted; everything was cleaned up\n');
    process.exitCode = SIGNAL_STATUS[received];
  } else {
    const lines = [`keepset: ${failure.message}`, ...(failure.details ?? [])];
    if (failure.hint !== undefined) lines.push(`  ${failure.hint}`);
    console.writeError(`${lines.join('\n')}\n`);
    process.exitCode = failure.exitStatus;
    if (console.environment.KEEPSET_DEBUG) console.writeError(`${(error as Error).stack}\n`);
  }
}
await console.flush();
// Standard input may still be open, and so may a connection that was interrupted: neither is a reason to stay.
process.exit();
