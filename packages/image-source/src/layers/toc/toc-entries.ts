import { NANOSECONDS } from '../../tar/read-tar.js';
import type { TarFacts } from '../../tar/write-tar.js';
import { type TocChunk, TYPES } from './parse-toc.js';

/** A content as it lies in a layer with a table of contents. */
export interface TocContent {
  /** One after the other; at least one. */
  readonly pieces: readonly (TocChunk & { readonly digest: string })[];
  /** Behind the last, in the layer as it is stored. */
  readonly end: number;
  /** sha256:… of the whole content. */
  readonly digest: string;
}

/** Which of the two forms, whose tables differ in a few fields. */
export type TocKind = 'estargz' | 'zstdchunked';

/** Years of four digits. @see RFC 3339 */
const SECONDS_MIN = Date.parse('0000-01-01T00:00:00Z') / 1000;
const SECONDS_MAX = Date.parse('9999-12-31T23:59:59Z') / 1000;

const TYPE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).map(([name, type]) => [type, name]),
);

/**
 * What a table of contents says of an entry: itself, and each further piece of its content.
 *
 * @param content  undefined of what has none
 * @returns JSON objects; undefined of what such a table cannot say: a name that is no UTF-8, a time outside the years 0 to 9999,
 *           and in zstd:chunked a name that JSON would escape, for its readers do not unescape it
 * @see containerd/stargz-snapshotter, docs/estargz.md, "TOC and TOCEntries"; containers/storage, pkg/chunked, `FileMetadata`
 * @example
 * const [motd] = await Array.fromAsync(image.entries(['/etc/motd']));
 * const [{ type }] = toTocEntries({ ...motd, name: 'etc/motd', linkName: '' }, undefined, 'estargz');
 * type // 'reg'
 */
export function toTocEntries(
  facts: TarFacts,
  content: TocContent | undefined,
  kind: TocKind,
): readonly Readonly<Record<string, unknown>>[] | undefined {
  const { type, sizeBytes, device, attributes } = facts;
  const [name, linkName] = [toText(facts.name), toText(facts.linkName)];
  const modtime = printTime(facts);
  const xattrs = [...attributes].map(([key, value]) => [toText(key), toBase64(value)] as const);
  if (name === undefined || linkName === undefined || modtime === undefined) return undefined;
  // containers/storage takes what stands between quotation marks for the name, escapes and all.
  if (kind === 'zstdchunked' && [name, linkName].some((text) => JSON.stringify(text) !== `"${text}"`))
    return undefined;
  if (xattrs.some(([key]) => key === undefined)) return undefined;
  const isDevice = type === 'character-device' || type === 'block-device';
  const [first, ...others] = toPieceFields(content, kind);
  return [
    {
      name,
      type: TYPE_NAMES.get(type),
      ...(sizeBytes > 0 && { size: sizeBytes }),
      modtime,
      ...(linkName !== '' && { linkName }),
      mode: facts.mode,
      uid: facts.uid,
      gid: facts.gid,
      ...(isDevice && { devMajor: device[0], devMinor: device[1] }),
      ...(xattrs.length > 0 && { xattrs: Object.fromEntries(xattrs) }),
      ...(content !== undefined && { digest: content.digest }),
      ...first,
      ...(content !== undefined && kind === 'zstdchunked' && { endOffset: content.end }),
    },
    ...others.map((piece) => ({ name, type: 'chunk', ...piece })),
  ];
}

/** Where the pieces of a content lie. The last of eStargz, which is all that is left, has no size. */
function* toPieceFields(content: TocContent | undefined, kind: TocKind) {
  const { pieces, digest } = content ?? { pieces: [], digest: '' };
  let chunkOffset = 0;
  for (const [index, piece] of pieces.entries()) {
    const isOnly = pieces.length === 1;
    const hasSize = kind === 'estargz' ? index < pieces.length - 1 : !isOnly;
    const hasDigest = kind === 'estargz' || !isOnly;
    yield {
      offset: piece.start,
      ...(chunkOffset > 0 && { chunkOffset }),
      ...(hasSize && { chunkSize: piece.sizeBytes }),
      ...(hasDigest && { chunkDigest: isOnly ? digest : piece.digest }),
    };
    chunkOffset += piece.sizeBytes;
  }
}

/** @returns undefined of bytes that are no UTF-8 */
function toText(bytes: string): string | undefined {
  const buffer = Buffer.from(bytes, 'latin1');
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? text : undefined;
}

function toBase64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

/** RFC 3339, of the decimals those that say something. */
function printTime({ mtimeSeconds, mtimeNanoseconds }: TarFacts): string | undefined {
  const seconds = Math.round(mtimeSeconds - mtimeNanoseconds / NANOSECONDS);
  if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) return undefined;
  const decimals = String(mtimeNanoseconds).padStart(9, '0').replace(/0+$/, '');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${decimals === '' ? '' : `.${decimals}`}Z`;
}
