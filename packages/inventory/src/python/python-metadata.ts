import type { MetadataRewriter, Rewritten } from '../metadata/metadata-rewriter.js';
import { byteText, folderOf } from '../package-reader.js';
import { realPlaces } from '../real-places.js';
import { inFolder } from './python.js';

/** Each names files in lines, relative to: the folder around it, or its own. */
const LISTS = [
  { name: 'RECORD', isOfParent: true },
  { name: 'installed-files.txt', isOfParent: false },
] as const;

/**
 * The lists of what a Python distribution installed, without what is gone. Checksums stay: what is left is as it was.
 *
 * @see the Python packaging specifications, "Recording installed projects"
 */
export const pythonMetadata: MetadataRewriter = {
  *wanted({ packages }) {
    for (const { database } of packages)
      if (!database.endsWith('.egg-info'))
        for (const { name } of LISTS) yield `${folderOf(database)}/${name}`;
  },

  async rewrite({ tree, isLeft }, files) {
    const written: Rewritten[] = [];
    for (const [path, bytes] of files) {
      const folder = folderOf(path);
      const isOfParent = LISTS.some(({ name, isOfParent }) => isOfParent && path.endsWith(`/${name}`));
      const base = isOfParent ? folderOf(folder) : folder;
      const rows = byteText(bytes).split(/(?<=\n)/);
      const pathOf = (row: string) =>
        inFolder(base, isOfParent ? firstColumn(row) : row.replace(/\r?\n$/, ''));
      const placeOf = await realPlaces(rows.map(pathOf), tree);
      const left = rows.filter((row) => {
        const place = placeOf(pathOf(row));
        // The list is one of the files that it lists.
        return place !== undefined && (place === path || isLeft(place));
      });
      written.push({ path, from: path, content: Buffer.from(left.join(''), 'latin1') });
    }
    return written;
  },
};

/** Of a line of CSV, in which a name with a comma or a quote is quoted. */
function firstColumn(row: string): string {
  const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,\r\n]*))/.exec(row) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain;
}
