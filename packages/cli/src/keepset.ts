#!/usr/bin/env -S node --max-semi-space-size=1
import packageJson from '../package.json' with { type: 'json' };
import { affectedCommand } from './commands/affected-command.js';
import { attestCommand } from './commands/attest-command.js';
import { checkCommand } from './commands/check-command.js';
import { citeCommand } from './commands/cite-command.js';
import { costCommand } from './commands/cost-command.js';
import { diffCommand } from './commands/diff-command.js';
import { doctorCommand } from './commands/doctor-command.js';
import { emitCommand } from './commands/emit-command.js';
import { flattenCommand } from './commands/flatten-command.js';
import { lsCommand } from './commands/ls-command.js';
import { packagesCommand } from './commands/packages-command.js';
import { pruneCommand } from './commands/prune-command.js';
import { reportCommand } from './commands/report-command.js';
import { restoreCommand } from './commands/restore-command.js';
import { sbomCommand } from './commands/sbom-command.js';
import { shrinkCommand } from './commands/shrink-command.js';
import { traceCommand } from './commands/trace-command.js';
import { vexCommand } from './commands/vex-command.js';
import { whyCommand } from './commands/why-command.js';
import { nearestName } from './options/nearest-name.js';
import { UsageError } from './options/usage-error.js';
import type { Console } from './terminal/console.js';
import { describeError } from './terminal/describe-error.js';
import { processConsole, SIGNAL_STATUS } from './terminal/process-console.js';

const HELP = `Usage: keepset COMMAND

Make a Docker image as small as the command that runs in it needs, and prove that it still works.

Commands:
  shrink [OPTIONS] -t OUT IMAGE [COMMAND [ARG...]]   shrink IMAGE to what COMMAND uses
  trace [OPTIONS] -o FILE IMAGE [COMMAND [ARG...]]   keep the trace of a run, to shrink by it later or elsewhere
  check --locked FILE [OPTIONS] IMAGE [COMMAND...]   trace again, and tell where a keep list has become wrong
  why --manifest FILE PATH                           tell why a path was kept, or that it was removed
  flatten -t OUT IMAGE                               make one layer of an image, its configuration kept
  restore --manifest FILE -t OUT PATH...             add files of the source to a result, without tracing again
  emit dockerfile|bake -o DIR MANIFEST...            write a Dockerfile that makes results again without keepset
  diff A B                                           tell what differs between manifests, keep lists or images
  report -o FILE MANIFEST                            write an HTML page of what was kept, removed, and why
  ls [--removed] [--by GROUP] MANIFEST               list what was kept, or removed
  cost --run NAME='COMMAND'... IMAGE                 tell what each of several runs adds
  packages MANIFEST|IMAGE                            list the packages that were used, and how much of them
  affected --in MANIFEST|DIR QUERY...                tell which results a bug upstream touches
  sbom MANIFEST                                      print the bill of materials of a result (CycloneDX, SPDX)
  vex --from FILE MANIFEST                           print which vulnerabilities are not in a result (OpenVEX)
  attest MANIFEST                                    write what the runs did as an in-toto statement
  cite MANIFEST                                      print the software that was used, to be cited in a paper
  doctor [--source IMAGE RESULT COMMAND...]          look whether keepset can work here, or what a result lacks
  prune                                              remove what an interrupted keepset left behind

'keepset COMMAND --help' tells more. 'keepset --version' prints the version.
`;

const NODE_MAJOR_MIN = 22;

async function main(args: readonly string[], console: Console): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN)
    throw new UsageError(
      `keepset needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}`,
      'bin/keepset of the repository brings its own; or install a maintained Node.',
    );
  const [command, ...rest] = args;
  switch (command) {
    case 'shrink':
      return await shrinkCommand(rest, console, packageJson.version);
    case 'check':
      return await checkCommand(rest, console);
    case 'trace':
      return await traceCommand(rest, console, packageJson.version);
    case 'why':
      return await whyCommand(rest, console);
    case 'doctor':
      return await doctorCommand(rest, console, (status) => {
        exitStatus = status;
      });
    case 'flatten':
      return await flattenCommand(rest, console, packageJson.version);
    case 'report':
      return await reportCommand(rest, console);
    case 'restore':
      return await restoreCommand(rest, console, packageJson.version);
    case 'ls':
      return await lsCommand(rest, console);
    case 'cost':
      return await costCommand(rest, console);
    case 'diff':
      return await diffCommand(rest, console);
    case 'emit':
      return await emitCommand(rest, console);
    case 'affected':
      return await affectedCommand(rest, console);
    case 'packages':
      return await packagesCommand(rest, console);
    case 'sbom':
      return await sbomCommand(rest, console, packageJson.version);
    case 'attest':
      return await attestCommand(rest, console, packageJson.version);
    case 'vex':
      return await vexCommand(rest, console, packageJson.version);
    case 'cite':
      return await citeCommand(rest, console);
    case 'prune':
      return await pruneCommand(rest, console);
    case '--version':
    case 'version':
      return await console.writeOut(`${packageJson.version}\n`);
    case '--help':
    case '-h':
    case 'help':
      return await console.writeOut(HELP);
    case undefined:
      throw new UsageError('no command given', "'keepset --help' lists them.");
    default:
      throw unknownCommand(command);
  }
}

/** The first words of the help's lines. */
function unknownCommand(command: string): UsageError {
  const names = [...HELP.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
  const meant = nearestName(command, names);
  return new UsageError(
    `there is no command '${command}'${meant === undefined ? '' : `: did you mean '${meant}'?`}`,
    "'keepset --help' lists them.",
  );
}

const console = processConsole();
const args = process.argv.slice(2);
/** Of a command that worked, and found something. */
let exitStatus = 0;
try {
  await main(args, console);
  process.exitCode = exitStatus;
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
