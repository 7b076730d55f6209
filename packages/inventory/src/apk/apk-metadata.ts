import type { MetadataRewriter, Remains, Rewritten } from '../metadata/metadata-rewriter.js';
import { byteText } from '../package-reader.js';
import { realPlaces } from '../real-places.js';

/**
 * apk's list of what is installed, without the packages of which nothing is left, and without the files that are gone.
 *
 * @see the apk specification, "Installed Database V2"
 */
export const apkMetadata: MetadataRewriter = {
  wanted: ({ packages }) => new Set(packages.map(({ database }) => database)),

  async rewrite(remains, files) {
    const written: Rewritten[] = [];
    for (const [path, bytes] of files) {
      const own = remains.packages.filter(({ database }) => database === path);
      const wanted = new Set(own.map(({ name, version }) => `${name}\n${version}`));
      const blocks = byteText(bytes)
        .split(/\n{2,}/)
        .filter((block) => wanted.has(`${field(block, 'P')}\n${field(block, 'V')}`));
      const left: string[] = [];
      for (const block of blocks) left.push(await leftBlock(block, remains));
      const content = Buffer.from(left.map((block) => `${block}\n\n`).join(''), 'latin1');
      written.push({ path, from: path, content });
    }
    return written;
  },
};

function field(block: string, key: string): string | undefined {
  return new RegExp(`^${key}:(.*)$`, 'm').exec(block)?.[1];
}

/** Files come after their folder, and what is said of either after it: `M:` of a folder, `a:` and `Z:` of a file. */
async function leftBlock(block: string, { tree, isLeft }: Remains): Promise<string> {
  const lines = block.split('\n').filter((line) => line !== '');
  const folderAt = lines.findIndex((line) => line.startsWith('F:'));
  if (folderAt === -1) return lines.join('\n');
  const groups = toGroups(lines.slice(folderAt));
  const placeOf = await realPlaces(
    groups.flatMap(({ files }) => files.map(({ path }) => path)),
    tree,
  );
  const left = groups.flatMap(({ head, files }) => {
    const kept = files.filter(({ path }) => isLeft(placeOf(path) ?? ''));
    return kept.length === 0 ? [] : [...head, ...kept.flatMap(({ lines: own }) => own)];
  });
  return [...lines.slice(0, folderAt), ...left].join('\n');
}

interface Folder {
  readonly head: string[];
  readonly files: { readonly path: string; readonly lines: string[] }[];
}

function toGroups(lines: readonly string[]): readonly Folder[] {
  const groups: Folder[] = [];
  let folder = '';
  for (const line of lines) {
    const value = line.slice(2);
    const group = groups.at(-1);
    const file = group?.files.at(-1);
    if (line.startsWith('F:')) {
      folder = value === '' ? '' : `/${value}`;
      groups.push({ head: [line], files: [] });
    } else if (line.startsWith('R:')) group?.files.push({ path: `${folder}/${value}`, lines: [line] });
    else (file?.lines ?? group?.head)?.push(line);
  }
  return groups;
}
