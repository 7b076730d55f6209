import type { SourceEntry } from '@keepset/image-source';

/** A small file or folder of a result that is not the source's. */
export interface GeneratedEntry {
  /** Absolute byte string; not among the paths that come from the source. */
  readonly path: string;
  /** Undefined of a folder. */
  readonly content?: Uint8Array;
  /** The 12 bits of chmod(2). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, whole. */
  readonly mtimeSeconds: number;
}

const NO_CONTENT = new Uint8Array();

/** As if a source had it. */
export function toSourceEntry({ path, content, ...facts }: GeneratedEntry): SourceEntry {
  return {
    ...facts,
    // Nobody made it through a link: it is where it was put.
    path: path as SourceEntry['path'],
    type: content === undefined ? 'directory' : 'file',
    sizeBytes: content?.length ?? 0,
    mtimeNanoseconds: 0,
    attributes: new Map(),
    device: [0, 0],
    linkTo: undefined,
    async *content() {
      yield content ?? NO_CONTENT;
    },
  };
}

/**
 * The entry that makes an upper layer take a path away.
 *
 * @see OCI image specification, "Image Layer Filesystem Changeset", whiteouts
 * @example whiteout({ path: '/a/b', mode: 0o644, uid: 0, gid: 0, mtimeSeconds: 0 }).path // '/a/.wh.b'
 */
export function whiteout({ path, uid, gid, mtimeSeconds }: Omit<GeneratedEntry, 'content'>): GeneratedEntry {
  const at = path.lastIndexOf('/') + 1;
  const hidden = `${path.slice(0, at)}.wh.${path.slice(at)}`;
  return { path: hidden, content: new Uint8Array(), mode: 0o644, uid, gid, mtimeSeconds };
}
