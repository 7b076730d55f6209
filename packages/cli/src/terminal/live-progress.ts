import ora, { type Ora } from 'ora';
import type { Console } from './console.js';
import { describeNote } from './describe-note.js';
import type { Progress } from './progress.js';
import { endedLine, stageLine } from './stage-line.js';

/** On a terminal: one line a stage, which moves while the stage goes on. */
export function liveProgress({
  writeError: write,
  columns,
}: Pick<Console, 'writeError' | 'columns'>): Progress {
  let spinner: Ora | undefined;
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
          return write(`  ${describeNote(event)}\n`);
        case 'stage-begun':
          clear();
          spinner = ora({ text: fit(stageLine(event)), stream: process.stderr, discardStdin: false }).start();
          return;
        case 'stage-progress':
          if (spinner) spinner.text = fit(stageLine(event));
          return;
        case 'stage-ended':
          clear();
          ora({ stream: process.stderr, discardStdin: false }).succeed(fit(endedLine(event)));
      }
    },
  };
}
