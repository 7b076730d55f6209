import type { ShrinkEvent } from '@keepset/shrinker';
import type { Console } from './console.js';
import { describeNote } from './describe-note.js';
import { endedLine } from './stage-line.js';

/** Shows people how far the work is; on standard error, since standard output is the traced command's. */
export interface Progress {
  onEvent(event: ShrinkEvent): void;
  /** Before anything else is written to the terminal. */
  clear(): void;
}

/** The part of the console that progress is shown on. */
type Terminal = Pick<Console, 'writeError' | 'errorIsTty' | 'columns'>;

/** One live line a stage on a terminal, one plain line a stage elsewhere. */
export async function createProgress(terminal: Terminal, quiet: boolean): Promise<Progress> {
  if (quiet) return { onEvent() {}, clear() {} };
  if (!terminal.errorIsTty) return plainProgress(terminal);
  const { liveProgress } = await import('./live-progress.js');
  return liveProgress(terminal);
}

function plainProgress({ writeError: write }: Terminal): Progress {
  return {
    onEvent(event) {
      if (event.kind === 'note') write(`keepset: ${describeNote(event)}\n`);
      if (event.kind === 'stage-ended') write(`keepset: ${endedLine(event)}\n`);
    },
    clear() {},
  };
}
