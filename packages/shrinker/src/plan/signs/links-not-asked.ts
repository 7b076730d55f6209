import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

const SHOWN = 3;

/** A page that was asked for refers to others of the same server, or to its styles and scripts, that were not. */
export function linksNotAsked({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const unasked = [...new Set(runs.flatMap((run) => run.unasked ?? []))].sort();
  if (unasked.length === 0) return undefined;
  const shown = `${unasked.slice(0, SHOWN).join(', ')}${unasked.length > SHOWN ? ', …' : ''}`;
  const count = unasked.length === 1 ? 'one path' : `${unasked.length} paths`;
  return {
    kind: 'links-not-asked',
    message: `the pages that were asked for refer to ${count} of the same server that ${unasked.length === 1 ? 'was' : 'were'} not: ${shown}`,
    cure: 'ask for them as well, or crawl them; if nobody will, all is well',
  };
}
