import { type TreeEntry, toTree } from '@keepset/image-tree';
import { type Manifest, writeManifest } from '@keepset/manifest';

const PACKAGES = 200;
const FILES_PER_FOLDER = 100;
/** Of a hundred paths, so many are kept. */
const KEPT_PERCENT = 2;

/** One that most have in another version; the command opens its files. */
const LIBRARY = (number: number) => ['libxml2', `2.9.${number % LIBRARY_VERSIONS}`] as const;
export const LIBRARY_VERSIONS = 20;

export interface LargeManifestOptions {
  readonly paths: number;
  /** Manifests of different numbers differ in one file of ten. Default 0. */
  readonly number?: number;
}

/** Write the manifest of a shrink that never was: files of many packages, of which few are kept. */
export async function writeLargeManifest(
  file: string,
  { paths, number = 0 }: LargeManifestOptions,
): Promise<void> {
  const entries = [...listEntries(paths, number)];
  const files = entries.flatMap(({ path, type }, index) => (type === 'file' ? [[path, index] as const] : []));
  const kept = files.filter(([, index]) => index % 100 < KEPT_PERCENT).map(([path]) => path);
  const image = (id: string) => ({ id: `sha256:${id.repeat(64)}`, reference: `scale:${id}`, sizeBytes: 1e9 });
  const manifest: Manifest = {
    tool: { name: 'keepset', version: 'bench' },
    platform: { os: 'linux', architecture: 'amd64' },
    source: image('a'),
    result: image('b'),
    runs: [],
    verified: false,
    plan: {
      kept: new Map(
        kept.map((path) => [
          path,
          {
            path,
            reasons: [{ kind: 'access', run: 'main', action: 'open', call: 'openat', line: 1, count: 1 }],
          },
        ]),
      ),
      executed: [],
      listed: [],
      warnings: [],
    },
    metadata: 'none',
    tree: toTree(entries),
    inventory: {
      system: { id: 'debian', versionId: '12' },
      packages: Array.from({ length: PACKAGES }, (_, place) => {
        const [name, version] = place === 0 ? LIBRARY(number) : [`package-${place}`, '1.0'];
        return {
          ...{ ecosystem: 'deb', name, version, architecture: 'amd64', licenses: ['MIT'] },
          purl: `pkg:deb/debian/${name}@${version}?arch=amd64`,
          database: '/var/lib/dpkg/status',
        };
      }),
      owners: new Map(files.map(([path, index]) => [path, [index % PACKAGES]])),
      unowned: { files: 0, sizeBytes: 0 },
      warnings: [],
    },
  };
  await writeManifest(manifest, file);
}

function* listEntries(paths: number, number: number): Generator<TreeEntry> {
  let inode = 0;
  const entry = (path: string, type: TreeEntry['type'], sizeBytes: number): TreeEntry => ({
    path: path as TreeEntry['path'],
    type,
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    sizeBytes,
    mtimeSeconds: 1_700_000_000,
    inode: `1:${++inode}`,
    linkCount: 1,
  });
  yield entry('/', 'directory', 0);
  yield entry('/srv', 'directory', 0);
  for (let index = 0; index < paths - 2; index++) {
    const folder = `/srv/folder-${String(Math.floor(index / FILES_PER_FOLDER)).padStart(6, '0')}`;
    if (index % FILES_PER_FOLDER === 0) yield entry(folder, 'directory', 0);
    else {
      const isOther = index % 10 === 0 && number > 0;
      yield entry(
        `${folder}/file-${String(index).padStart(8, '0')}.txt`,
        'file',
        ((index * 7919) % 5000) + (isOther ? number : 0),
      );
    }
  }
}
