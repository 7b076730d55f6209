import { packArchive } from '@keepset/docker-engine';

/** A small file or folder of a result that is not the source's. */
export interface GeneratedEntry {
  /** Absolute byte string that is UTF-8; not among the paths that come from the source. */
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

const END_MARK_BYTES = 1024;

/** Tar entries, by the bytes of their paths, without the end mark, so that a tar stream can follow. */
export async function packGenerated(entries: readonly GeneratedEntry[]): Promise<Uint8Array> {
  const sorted = [...entries].sort((one, other) => (one.path < other.path ? -1 : 1));
  const archive = await packArchive(
    sorted.map(({ path, content, mode, uid, gid, mtimeSeconds }) => {
      const name = Buffer.from(path.slice(1), 'latin1').toString('utf8');
      const type = content === undefined ? 'directory' : 'file';
      return {
        header: {
          name: content === undefined ? `${name}/` : name,
          type,
          mode,
          uid,
          gid,
          mtime: new Date(mtimeSeconds * 1000),
        },
        ...(content !== undefined && { content }),
      };
    }),
  );
  return archive.subarray(0, archive.length - END_MARK_BYTES);
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
