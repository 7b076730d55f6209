import { LayerFault, quoted } from './layer-fault.js';

/** What the name of a layer's entry stands for. */
export type LayerName =
  /** An entry at these folders and name; none is the root. */
  | { readonly kind: 'entry'; readonly names: readonly string[] }
  /** What layers below have there is gone. */
  | { readonly kind: 'whiteout'; readonly names: readonly string[] }
  /** What layers below have in this folder is gone. */
  | { readonly kind: 'opaque'; readonly names: readonly string[] }
  /** Left by a file system that put marks of its own into layers. */
  | { readonly kind: 'mark' };

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const MARK = '.wh..wh.';
/** Of Linux. @see path_resolution(7) */
const NAME_BYTES_MAX = 255;
const PATH_BYTES_MAX = 4096;

/**
 * @throws LayerFault  a name that leaves the image, or that no file system has
 * @see OCI image specification, "Image Layer Filesystem Changeset", whiteouts
 * @example parseLayerName('etc/.wh.motd') // { kind: 'whiteout', names: ['etc', 'motd'] }
 */
export function parseLayerName(text: string): LayerName {
  const names = toNames(text);
  const last = names.at(-1) ?? '';
  const parents = names.slice(0, -1);
  if (last === OPAQUE) return { kind: 'opaque', names: parents };
  if (names.some((name) => name.startsWith(MARK))) return { kind: 'mark' };
  if (!last.startsWith(WHITEOUT)) return { kind: 'entry', names };
  const hidden = last.slice(WHITEOUT.length);
  if (hidden === '' || hidden === '.' || hidden === '..')
    throw refused(text, 'hides nothing that has a name');
  return { kind: 'whiteout', names: [...parents, hidden] };
}

/** Of an entry, or of the target of a hard link: below the root of the image. */
export function toNames(text: string): readonly string[] {
  if (text === '') throw refused(text, 'is no name');
  if (text.startsWith('/')) throw refused(text, 'is absolute');
  if (text.length > PATH_BYTES_MAX) throw refused(text, `is longer than ${PATH_BYTES_MAX} bytes`);
  if (text.includes('\0')) throw refused(text, 'holds a NUL');
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw refused(text, "leads through '..'");
  if (names.some((name) => name.length > NAME_BYTES_MAX))
    throw refused(text, `has a name longer than ${NAME_BYTES_MAX} bytes`);
  return names;
}

function refused(text: string, why: string): LayerFault {
  return new LayerFault(`the name ${quoted(text)} ${why}`);
}
