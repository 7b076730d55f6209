import type { LinkAnswer, LinkReader } from './link-reader.js';

/** Path → target of a link, null for a directory, undefined for a file. */
export type TestTree = Record<string, string | null | undefined>;

export interface TestReader extends LinkReader {
  /** What was asked, round by round. */
  readonly rounds: string[][];
}

/** A reader in memory that remembers its questions. */
export function linksOf(tree: TestTree | ReadonlyMap<string, string | null | undefined>): TestReader {
  const entries = tree instanceof Map ? tree : new Map(Object.entries(tree));
  const rounds: string[][] = [];
  return {
    rounds,
    async readLinks(paths) {
      rounds.push([...paths]);
      return paths.map((path): LinkAnswer => {
        if (!entries.has(path)) return { kind: 'missing' };
        const target = entries.get(path);
        if (target === null) return { kind: 'directory' };
        return target === undefined ? { kind: 'other' } : { kind: 'link', target };
      });
    },
  };
}
