import type { Outcome } from '@keepset/fleet';
import { formatBytes } from '../../terminal/format-bytes.js';
import { plainLine } from '../../terminal/plain-text.js';

/** How a task ended, in a line. */
export function outcomeLine({ state, name, result, error, seconds }: Outcome): string {
  const what =
    result === undefined
      ? `${error?.code ?? ''}: ${error?.message ?? ''}`
      : `${formatBytes(result.sourceBytes)} → ${formatBytes(result.sizeBytes)}, ${result.verdict}`;
  return `${state.padEnd(8)}${plainLine(name)}  ${plainLine(what)}, ${seconds.toFixed(1)} s\n`;
}
