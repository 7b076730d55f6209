import type { ShrinkEvent, StageName } from '@keepset/shrinker';
import { plainLine } from './plain-text.js';

const NAME_COLUMNS = 8;

/** A stage that goes on: `trace   exit status 0`. */
export function stageLine({ stage, detail }: { readonly stage: StageName; readonly detail: string }): string {
  return `${stage.padEnd(NAME_COLUMNS)}${plainLine(detail)}`;
}

/** A stage that has ended: `trace     2.7 s  exit status 0`. */
export function endedLine({
  stage,
  detail,
  seconds,
}: Extract<ShrinkEvent, { readonly kind: 'stage-ended' }>): string {
  return `${stage.padEnd(NAME_COLUMNS)}${seconds.toFixed(1).padStart(5)} s  ${plainLine(detail)}`;
}
