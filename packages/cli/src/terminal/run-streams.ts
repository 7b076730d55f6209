import type { ShrinkStreams } from '@keepset/shrinker';
import type { Console } from './console.js';
import type { Progress } from './progress.js';

export interface RunStreamOptions {
  readonly progress: Progress;
  /** Print nothing of what commands print. */
  readonly isQuiet: boolean;
  /** Where their standard output goes: its own place, or standard error, where the other belongs to a result. */
  readonly standardOutput: 'out' | 'error';
}

/** What commands of an image read and print, joined to this process's. */
export function runStreams(
  console: Console,
  { progress, isQuiet, standardOutput }: RunStreamOptions,
): ShrinkStreams {
  return {
    onEvent: progress.onEvent,
    async onOutput({ stream, bytes }) {
      if (isQuiet) return;
      progress.clear();
      await (stream === 'stderr' || standardOutput === 'error'
        ? console.writeErrorBytes(bytes)
        : console.writeOutBytes(bytes));
    },
    stdin: console.stdin,
  };
}
