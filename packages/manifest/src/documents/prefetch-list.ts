import { orderOfUse } from '@keepset/keep-planner';
import type { StoredManifest } from '../record/read-manifest.js';

/** Whose list of files it is, that are to be fetched before a container asks for them. */
export const PREFETCH_FORMATS = ['stargz', 'soci', 'nydus'] as const;
/** One of them. */
export type PrefetchFormat = (typeof PREFETCH_FORMATS)[number];

/** Files of a source in the order in which its runs used them first. */
export interface PrefetchList {
  readonly text: string;
  /** How many it names. */
  readonly files: number;
  /** Byte strings: the format has no word for these names. They are fetched when they are asked for. */
  readonly leftOut: readonly string[];
}

/** How a format writes a list, and which names it cannot. */
interface ListWriter {
  write(paths: readonly string[]): string;
  canName(path: string): boolean;
}

/** Go and Rust cut blanks off what they read. */
const isTrimmed = (path: string) => path === path.trimEnd();

const WRITERS: Readonly<Record<PrefetchFormat, ListWriter>> = {
  // One record a line, as `ctr-remote images optimize --record-out` writes them.
  stargz: {
    write: (paths) => paths.map((path) => `${JSON.stringify({ path: path.slice(1) })}\n`).join(''),
    canName: () => true,
  },
  // For `soci create --prefetch-files-json`.
  soci: { write: (paths) => `${JSON.stringify(paths, undefined, 1)}\n`, canName: isTrimmed },
  // For standard input of `nydus-image create --prefetch-policy fs`.
  nydus: {
    write: (paths) => paths.map((path) => `${path}\n`).join(''),
    canName: (path) => isTrimmed(path) && !path.includes('\n'),
  },
};

/**
 * The files of the source that runs used, those first that a run used first, for tools that pull images piece by piece.
 *
 * @param manifest  with what was kept, at least
 * @see stargz-snapshotter, docs/ctr-remote.md; soci-snapshotter, docs/prefetch.md; nydus, docs/prefetch.md
 * @example
 * const { text } = writePrefetchList(await readManifest('manifest.json'), 'nydus');
 * text.split('\n')[0] // '/usr/bin/cat'
 */
export function writePrefetchList(
  { entries, kept }: Pick<StoredManifest, 'entries' | 'kept'>,
  format: PrefetchFormat,
): PrefetchList {
  const { write, canName } = WRITERS[format];
  const used = orderOfUse(filesOf(entries), kept);
  const texts: string[] = [];
  const leftOut: string[] = [];
  for (const path of used) {
    const text = toText(path);
    if (text !== undefined && canName(text)) texts.push(text);
    else leftOut.push(path);
  }
  return { text: write(texts), files: texts.length, leftOut };
}

/** Of all else there is nothing to fetch. */
function* filesOf(entries: StoredManifest['entries']): Generator<string> {
  for (const [path, { type, isKept, sizeBytes, sourceSizeBytes = sizeBytes }] of entries)
    if (isKept && type === 'file' && sourceSizeBytes > 0) yield path;
}

/** @returns undefined of bytes that are no UTF-8 */
function toText(path: string): string | undefined {
  const bytes = Buffer.from(path, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}
