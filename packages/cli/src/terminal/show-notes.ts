import type { Console } from './console.js';
import { describeNote } from './describe-note.js';
import type { Progress } from './progress.js';

/** For commands whose stages are not worth a line: only notes are printed. */
export function showNotes({ writeError: write }: Pick<Console, 'writeError'>): Progress['onEvent'] {
  return (event) => {
    if (event.kind === 'note') write(`keepset: ${describeNote(event)}\n`);
  };
}
