import type { Difference, FileAspect, NotCompared } from '../difference.js';
import type { FileState } from '../run-outcome.js';
import { equallyOften, toMultiset } from '../text/multiset.js';
import type { FileCrowd } from './align-files.js';
import { FILE_FACTS } from './file-facts.js';

export interface CrowdComparison {
  readonly differences: readonly Difference[];
  readonly notCompared: readonly NotCompared[];
}

/**
 * Hold files against those of the samples, of which nobody knows which is which: what they are must have been seen, and
 * contents that each sample has, as often, must be there. If contents vary beside these, they are not compared.
 */
export function compareCrowd({ samples, result }: FileCrowd): CrowdComparison {
  const contents = samples.map((states) => toMultiset(states.map(contentOf)));
  const seen = new Set(contents.flatMap((each) => [...each.keys()]));
  const common = equallyOften(contents);
  const own = toMultiset(result.map(([, state]) => contentOf(state)));
  const unseen = result.filter(([, state]) => !seen.has(contentOf(state))).map(([path]) => path);
  const isLacking = [...common].some(([content, count]) => own.get(content) !== count);
  const varies = seen.size > Math.max(1, common.size);
  const [first] = result;
  const wrong = varies || unseen.length > 0 ? unseen : result.map(([path]) => path);
  return {
    differences: [
      ...result.flatMap(([path, state]) => unseenFacts(samples.flat(), path, state)),
      ...(isLacking || (!varies && unseen.length > 0) ? wrong.slice(0, 1).map(ofContent) : []),
    ],
    notCompared: varies && first !== undefined ? [{ where: { path: first[0] }, reason: 'names-vary' }] : [],
  };
}

function ofContent(path: string): Difference {
  return { kind: 'file', path, aspect: 'content' };
}

function unseenFacts(samples: readonly FileState[], path: string, state: FileState): readonly Difference[] {
  return Object.entries(FILE_FACTS).flatMap(([aspect, factOf]) => {
    const facts = samples.map(factOf);
    if (facts.includes(factOf(state))) return [];
    return {
      kind: 'file',
      path,
      aspect: aspect as FileAspect,
      source: facts[0] ?? '',
      result: factOf(state),
    };
  });
}

function contentOf({ content, linkTarget }: FileState): string {
  return content?.sha256 ?? linkTarget ?? '';
}
