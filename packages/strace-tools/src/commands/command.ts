import type { StraceEvent } from '@keepset/strace-parser';
import type { CommandIo } from './command-io.js';
import type { CommandOptions } from './command-options.js';

/** One question of the command line. */
export interface Command {
  /** For the help. */
  readonly summary: string;
  /**
   * @param events  of the logs that were named, or of these
   * @returns       the exit status, if it is not 0
   */
  run(
    events: (logs?: readonly string[]) => AsyncIterable<StraceEvent>,
    options: CommandOptions,
    io: CommandIo,
  ): Promise<number | undefined>;
}
