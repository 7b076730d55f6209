#!/usr/bin/env -S node --max-semi-space-size=1 --
import { ABOUT } from './about.js';
import { FOREIGN_COMMANDS } from './options/foreign-words.js';
import { didYouMean } from './options/nearest-name.js';
import { type Overview, overviewText } from './options/overview-text.js';
import { UsageError } from './options/usage-error.js';
import { COMMANDS } from './registry.js';
import type { Console } from './terminal/console.js';
import { describeError } from './terminal/describe-error.js';
import { processConsole, SIGNAL_STATUS } from './terminal/process-console.js';

const OVERVIEW: Overview = {
  about: ABOUT,
  beginnings: [
    { does: 'your image, and what you run in it, as with docker run', line: 'shrink -t small IMAGE COMMAND' },
    { does: 'a web service: started, asked for a page, stopped', line: 'shrink --http / -t small IMAGE' },
    { does: 'can it work here?', line: 'doctor' },
  ],
};
const DEFINITIONS = COMMANDS.map(({ definition }) => definition);
const NODE_MIN = { major: 22, minor: 13 } as const;

/** @returns the exit status */
async function main([name, ...args]: readonly string[], console: Console): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < NODE_MIN.major || (major === NODE_MIN.major && minor < NODE_MIN.minor))
    throw new UsageError(
      `keepset needs Node ${NODE_MIN.major}.${NODE_MIN.minor} or newer, and this is ${process.version}`,
      'bin/keepset of the repository brings its own; or install a maintained Node.',
    );
  switch (name) {
    case '--version':
    case '-V':
    case 'version': {
      const { printVersion } = await import('./print-version.js');
      await printVersion(console);
      return 0;
    }
    case '__complete': {
      const { answerShell } = await import('./answer-shell.js');
      return await answerShell(args, DEFINITIONS, console);
    }
    case '--help':
    case '-h':
    case 'help':
    case undefined:
      return await help(args, console);
    default:
      return await findCommand(name).run(args, console);
  }
}

/** Of keepset, or of the command that follows: `keepset help shrink`. */
async function help(args: readonly string[], console: Console): Promise<number> {
  const name = args.find((word) => !word.startsWith('-'));
  if (name !== undefined)
    return await findCommand(name).run(['--help', ...args.filter((word) => word === '--all')], console);
  await console.writeOut(overviewText(DEFINITIONS, OVERVIEW, console.columns));
  return 0;
}

function findCommand(name: string): (typeof COMMANDS)[number] {
  const found = COMMANDS.find(({ definition }) => definition.name === name);
  if (found !== undefined) return found;
  const names = DEFINITIONS.map((definition) => definition.name);
  throw new UsageError(
    `there is no command '${name}'${didYouMean(FOREIGN_COMMANDS.get(name) ?? name, names)}`,
    "'keepset help' lists them.",
  );
}

// What Node calls outdated in a library that keepset uses is nothing that a user can do anything about.
process.noDeprecation = true;
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
