import { parseParagraphs } from '../control-paragraphs.js';
import type { InstalledPackage } from '../installed-package.js';
import type { MetadataRewriter, Remains, Rewritten } from '../metadata/metadata-rewriter.js';
import { byteText } from '../package-reader.js';
import { realPlaces } from '../real-places.js';
import { DIVERSIONS, INFO_FOLDER, readDiversions, STATUS, STATUS_FOLDER } from './dpkg.js';

/**
 * What is left of dpkg's database, in the form that images without dpkg have: for each package its paragraph of the
 * status file, of which the configuration files are those that are left, and the checksums of what is left, by the
 * names under which the files really are.
 *
 * @see PACKAGE_METADATA.md of distroless; deb-md5sums(5)
 */
export const dpkgMetadata: MetadataRewriter = {
  *wanted({ packages }) {
    if (packages.length === 0) return;
    yield DIVERSIONS;
    if (packages.some(({ database }) => database === STATUS)) yield STATUS;
    for (const each of packages) yield* sumsPaths(each);
  },

  async rewrite(remains, files) {
    const diverted = readDiversions({ files });
    const status = files.get(STATUS);
    const paragraphs = status === undefined ? NO_PARAGRAPHS : paragraphsOf(byteText(status));
    const names = new Set<string>();
    const written: Rewritten[] = [];
    for (const each of remains.packages) {
      const { database, name, architecture } = each;
      // Of one name, a second is told by its architecture, as dpkg does.
      const own = names.has(name) ? `${name}:${architecture}` : name;
      names.add(name);
      const path = database === STATUS ? `${STATUS_FOLDER}${own}` : database;
      const paragraph = database === STATUS ? paragraphs.get(keyOf(each)) : undefined;
      if (paragraph !== undefined)
        written.push({ path, from: STATUS, content: bytesOf(await leftConfiguration(paragraph, remains)) });
      const sums = sumsPaths(each).find((one) => files.has(one));
      if (sums === undefined) continue;
      const lines = byteText(files.get(sums) as Uint8Array).split('\n');
      const left = await leftSums(lines, (listed) => diverted(listed, name), remains);
      if (left !== '') written.push({ path: `${path}.md5sums`, from: sums, content: bytesOf(left) });
    }
    return written;
  },
};

const NO_PARAGRAPHS: ReadonlyMap<string, string> = new Map();

/** Where a package's checksums may be, the likeliest last but in `status.d`. */
function sumsPaths({ database, name, architecture }: InstalledPackage): readonly string[] {
  if (database !== STATUS) return [`${database}.md5sums`];
  return [`${INFO_FOLDER}${name}:${architecture}.md5sums`, `${INFO_FOLDER}${name}.md5sums`];
}

/** Paragraphs as they stand, by package, version and architecture. */
function paragraphsOf(status: string): ReadonlyMap<string, string> {
  return new Map(
    status.split(/\n{2,}/).flatMap((text) => {
      const [fields] = parseParagraphs(text);
      const [name = '', version = '', architecture] = ['package', 'version', 'architecture'].map((key) =>
        fields?.get(key),
      );
      return [[keyOf({ name, version, ...(architecture && { architecture }) }), text]];
    }),
  );
}

function keyOf({ name, version, architecture }: Pick<InstalledPackage, 'name' | 'version' | 'architecture'>) {
  return JSON.stringify([name, version, architecture]);
}

/** A paragraph without the configuration files that are gone. */
async function leftConfiguration(paragraph: string, remains: Remains): Promise<string> {
  const [, before = '', listed, after = ''] =
    /^([\s\S]*?^)(Conffiles:[^\n]*\n(?:[ \t][^\n]*\n?)*)([\s\S]*)$/m.exec(`${paragraph.trim()}\n`) ?? [];
  if (listed === undefined) return `${paragraph.trim()}\n`;
  const rows = listed.split('\n').filter((row) => /^[ \t]+\//.test(row));
  const pathOf = (row: string) => row.trim().split(' ')[0] ?? '';
  const placeOf = await realPlaces(rows.map(pathOf), remains.tree);
  const left = rows.filter((row) => remains.isLeft(placeOf(pathOf(row)) ?? ''));
  return `${before}${left.length === 0 ? '' : `Conffiles:\n${left.join('\n')}\n`}${after}`;
}

/** @returns 'SUM  PATH' a line, without the first slash */
async function leftSums(
  lines: readonly string[],
  divert: (path: string) => string,
  { tree, isLeft }: Remains,
): Promise<string> {
  const rows = lines.flatMap((line) => {
    const [, sum, listed = ''] = /^([0-9a-f]{32}) [ *](.+)$/.exec(line) ?? [];
    return sum === undefined ? [] : [{ sum, path: divert(`/${listed.replace(/^\.?\/+/, '')}`) }];
  });
  const placeOf = await realPlaces(
    rows.map(({ path }) => path),
    tree,
  );
  return rows
    .flatMap(({ sum, path }) => {
      const place = placeOf(path);
      return place !== undefined && isLeft(place) ? [`${sum}  ${place.slice(1)}\n`] : [];
    })
    .join('');
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
