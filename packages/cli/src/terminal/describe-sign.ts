import type { OverShrinkSign } from '@keepset/shrinker';

/** What the command line says to do, where it names options; else the sign's own words are shown. */
const CURES: Readonly<Partial<Record<OverShrinkSign['kind'], string>>> = {
  'software-unused': 'run what needs them, or keep them with --keep; if nothing does, all is well',
  'runs-differ': 'both are kept; keep what else may be used with --keep',
};

/** A sign that a run did too little, as a warning: one line without its end. */
export function describeSign({ kind, message, cure }: OverShrinkSign): string {
  return `warning: ${message}; ${CURES[kind] ?? cure}`;
}
