import { type RealPath, resolvePaths } from '@keepset/symlink-resolver';
import type { SourceImage } from '../image/source-image.js';
import { type PathPattern, parsePathPattern } from './path-pattern.js';
import { textPath } from './path-text.js';

interface SelectedEntry {
  /** The pattern's text. */
  readonly pattern: string;
  /** The way to it, where the pattern is a path that leads through links. */
  readonly crossed: readonly RealPath[];
}

export interface Selection {
  /** Sorted by bytes. */
  readonly entries: ReadonlyMap<RealPath, SelectedEntry>;
  /** Patterns that name nothing in the image. */
  readonly unmatched: readonly string[];
}

/**
 * The image's entries that patterns name, with all that is below them.
 *
 * A pattern that is a plain path is followed through links (`/bin/sh`); others are held against the entries.
 *
 * @param followLast  whether a plain path that is a link means what it leads to, too
 * @throws PlanError PLAN_BAD_PATTERN
 */
export async function selectEntries(
  patterns: readonly string[],
  source: SourceImage,
  { followLast }: { readonly followLast: boolean },
): Promise<Selection> {
  const parsed = patterns.map(parsePathPattern);
  const { tree } = source;
  const found = new Map<RealPath, SelectedEntry>();
  const used = new Set<string>();
  const select = (path: RealPath, pattern: PathPattern, crossed: readonly RealPath[]) => {
    used.add(pattern.text);
    const known = found.get(path);
    if (known === undefined) found.set(path, { pattern: pattern.text, crossed });
    // Another way to the same entry: its links are wanted as well.
    else if (crossed.length > 0) found.set(path, { ...known, crossed: [...known.crossed, ...crossed] });
  };

  const plain = parsed.filter((each) => each.literal !== undefined);
  const requests = plain.map(({ literal }) => ({ path: textPath(literal as string), follow: followLast }));
  for (const [index, { failure, path, crossed }] of (await resolvePaths(requests, source)).entries()) {
    if (failure !== undefined || !tree.has(path)) continue;
    const pattern = plain[index] as PathPattern;
    select(path, pattern, crossed);
    for (const entry of tree.descendants(path)) select(entry.path, pattern, []);
  }

  const globs = parsed.filter((each) => each.literal === undefined);
  if (globs.length > 0) {
    for (const { path } of tree.entries()) {
      const pattern = globs.find((each) => each.matches(path));
      if (pattern === undefined) continue;
      const isKnown = found.get(path)?.pattern === pattern.text;
      select(path, pattern, []);
      if (!isKnown) for (const entry of tree.descendants(path)) select(entry.path, pattern, []);
    }
  }
  const entries = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
  return { entries: new Map(entries), unmatched: patterns.filter((text) => !used.has(text)) };
}
