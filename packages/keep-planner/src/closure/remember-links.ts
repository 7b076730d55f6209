import type { LinkAnswer } from '@keepset/symlink-resolver';
import type { SourceImage } from '../image/source-image.js';
import { PlanError } from '../plan/plan-error.js';

/** A source that asks the one behind it for each link once, however many resolutions ask. */
export function rememberLinks(source: SourceImage): SourceImage {
  const known = new Map<string, LinkAnswer>();
  return {
    tree: source.tree,
    readHeads: (paths, maxBytes) => source.readHeads(paths, maxBytes),
    ...(source.readOwners && { readOwners: source.readOwners.bind(source) }),
    async readLinks(paths) {
      const unknown = paths.filter((path) => !known.has(path));
      if (unknown.length > 0) {
        const answers = await source.readLinks(unknown);
        if (answers.length !== unknown.length) {
          throw new PlanError(
            'PLAN_BAD_SOURCE',
            `the source gave ${answers.length} of ${unknown.length} links`,
          );
        }
        for (const [index, path] of unknown.entries()) known.set(path, answers[index] as LinkAnswer);
      }
      return paths.map((path) => known.get(path) as LinkAnswer);
    },
  };
}
