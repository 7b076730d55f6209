import type { ShrinkEvent, StageName } from '@keepset/shrinker';
import ora, { type Ora } from 'ora';
import type { Console } from './console.js';

/** Tells people how far a shrink is; on standard error, since standard output is the traced command's. */
export interface Progress {
  onEvent(event: ShrinkEvent): void;
  /** Before anything else is written to the terminal. */
  clear(): void;
}

/** The part of the console that progress is shown on. */
type Terminal = Pick<Console, 'writeError' | 'errorIsTty' | 'columns'>;

const NAME_COLUMNS = 8;

/** One live line a stage on a terminal, one plain line a stage elsewhere. */
export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  if (quiet) return { onEvent() {}, clear() {} };
  return terminal.errorIsTty ? liveProgress(terminal) : plainProgress(terminal);
}

/** For commands without stages that are worth a line: only what is noted is shown. */
export function showNotes({ writeError: write }: Pick<Terminal, 'writeError'>): Progress['onEvent'] {
  return (event) => {
    if (event.kind === 'note') write(`keepset: ${event.message}\n`);
  };
}

function plainProgress({ writeError: write }: Terminal): Progress {
  return {
    onEvent(event) {
      if (event.kind === 'note') write(`keepset: ${event.message}\n`);
      if (event.kind === 'stage-ended') write(`keepset: ${endedLine(event)}\n`);
    },
    clear() {},
  };
}

function liveProgress({ writeError: write, columns }: Terminal): Progress {
  let spinner: Ora | undefined;
  const begun = new Map<StageName, string>();
  const fit = (text: string) =>
    text.length > columns - 4 ? `${text.slice(0, Math.max(1, columns - 5))}…` : text;
  const clear = () => {
    spinner?.stop();
    spinner = undefined;
  };
  return {
    clear,
    onEvent(event) {
      switch (event.kind) {
        case 'note':
          clear();
          return write(`  ${event.message}\n`);
        case 'stage-begun':
          clear();
          begun.set(event.stage, event.detail);
          spinner = ora({
            text: fit(`${event.stage.padEnd(NAME_COLUMNS)}${event.detail}`),
            stream: process.stderr,
            discardStdin: false,
          }).start();
          return;
        case 'stage-progress':
          if (spinner) spinner.text = fit(`${event.stage.padEnd(NAME_COLUMNS)}${event.detail}`);
          return;
        case 'stage-ended':
          clear();
          ora({ stream: process.stderr, discardStdin: false }).succeed(fit(endedLine(event)));
      }
    },
  };
}

function endedLine({ stage, detail, seconds }: Extract<ShrinkEvent, { kind: 'stage-ended' }>): string {
  return `${stage.padEnd(NAME_COLUMNS)}${seconds.toFixed(1).padStart(5)} s  ${detail}`;
}
