import { AFFECTED } from './definitions/affected.js';
import { ARCHIVE } from './definitions/archive.js';
import { ATTEST } from './definitions/attest.js';
import { CHECK } from './definitions/check.js';
import { CITE } from './definitions/cite.js';
import { COMPLETION } from './definitions/completion.js';
import { COST } from './definitions/cost.js';
import { DIFF } from './definitions/diff.js';
import { DOCTOR } from './definitions/doctor.js';
import { EMIT } from './definitions/emit.js';
import { EXPORT } from './definitions/export.js';
import { FLATTEN } from './definitions/flatten.js';
import { FLEET } from './definitions/fleet.js';
import { HARDEN } from './definitions/harden.js';
import { INDEX } from './definitions/index.js';
import { LS } from './definitions/ls.js';
import { PACKAGES } from './definitions/packages.js';
import { PREFETCH } from './definitions/prefetch.js';
import { PRUNE } from './definitions/prune.js';
import { RECORD } from './definitions/record.js';
import { REPLAY } from './definitions/replay.js';
import { REPORT } from './definitions/report.js';
import { RESTORE } from './definitions/restore.js';
import { SBOM } from './definitions/sbom.js';
import { SHRINK } from './definitions/shrink.js';
import { TRACE } from './definitions/trace.js';
import { VEX } from './definitions/vex.js';
import { WHY } from './definitions/why.js';
import type { CommandDefinition, CommandLine, Operand } from './options/command-definition.js';
import { helpText } from './options/help-text.js';
import type { OptionGroup } from './options/option.js';
import { parseCommandLine } from './options/parse-command-line.js';
import type { Console } from './terminal/console.js';

/** A command that can be run by name. */
export interface Command {
  readonly definition: CommandDefinition;
  /**
   * @param args  what follows the command's name
   * @returns     the exit status
   * @throws UsageError, or what the command throws
   */
  run(args: readonly string[], console: Console): Promise<number>;
}

/** All commands, in the order of the help. What a command imports is loaded when it is run. */
export const COMMANDS: readonly Command[] = [
  command(SHRINK, async () => (await import('./commands/shrink-command.js')).shrinkCommand),
  command(TRACE, async () => (await import('./commands/trace-command.js')).traceCommand),
  command(RECORD, async () => (await import('./commands/recording/record-command.js')).recordCommand),
  command(CHECK, async () => (await import('./commands/check-command.js')).checkCommand),
  command(WHY, async () => (await import('./commands/why-command.js')).whyCommand),
  command(LS, async () => (await import('./commands/ls-command.js')).lsCommand),
  command(REPORT, async () => (await import('./commands/report-command.js')).reportCommand),
  command(DIFF, async () => (await import('./commands/diff-command.js')).diffCommand),
  command(COST, async () => (await import('./commands/cost-command.js')).costCommand),
  command(PACKAGES, async () => (await import('./commands/packages-command.js')).packagesCommand),
  command(AFFECTED, async () => (await import('./commands/affected-command.js')).affectedCommand),
  command(EXPORT, async () => (await import('./commands/archives/export-command.js')).exportCommand),
  command(SBOM, async () => (await import('./commands/sbom-command.js')).sbomCommand),
  command(VEX, async () => (await import('./commands/vex-command.js')).vexCommand),
  command(ATTEST, async () => (await import('./commands/attest-command.js')).attestCommand),
  command(CITE, async () => (await import('./commands/cite-command.js')).citeCommand),
  command(ARCHIVE, async () => (await import('./commands/archive/archive-command.js')).archiveCommand),
  command(REPLAY, async () => (await import('./commands/archive/replay-command.js')).replayCommand),
  command(RESTORE, async () => (await import('./commands/restore-command.js')).restoreCommand),
  command(FLATTEN, async () => (await import('./commands/flatten-command.js')).flattenCommand),
  command(INDEX, async () => (await import('./commands/index-command.js')).indexCommand),
  command(FLEET, async () => (await import('./commands/fleet/fleet-command.js')).fleetCommand),
  command(HARDEN, async () => (await import('./commands/rights/harden-command.js')).hardenCommand),
  command(PREFETCH, async () => (await import('./commands/prefetch-command.js')).prefetchCommand),
  command(EMIT, async () => (await import('./commands/emit-command.js')).emitCommand),
  command(DOCTOR, async () => (await import('./commands/doctor-command.js')).doctorCommand),
  command(PRUNE, async () => (await import('./commands/prune-command.js')).pruneCommand),
  command(COMPLETION, async () => (await import('./commands/completion-command.js')).completionCommand),
];

/**
 * What a command does.
 *
 * @returns the exit status where it worked and found something; undefined is 0
 */
type CommandFunction<Groups extends readonly OptionGroup[], Operands extends readonly Operand[]> = (
  line: CommandLine<Groups, Operands>,
  console: Console,
) => Promise<number | undefined>;

function command<Groups extends readonly OptionGroup[], Operands extends readonly Operand[]>(
  definition: CommandDefinition<Groups, Operands>,
  load: () => Promise<CommandFunction<Groups, Operands>>,
): Command {
  return {
    definition,
    async run(args, console) {
      const line = parseCommandLine(args, definition, console.environment);
      if (typeof line === 'string') {
        await console.writeOut(helpText(definition, { columns: console.columns, all: line === 'help-all' }));
        return 0;
      }
      for (const text of line.passedOver) console.writeError(`keepset: ${text}\n`);
      const perform = await load();
      return (await perform(line, console)) ?? 0;
    },
  };
}
