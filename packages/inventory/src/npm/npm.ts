import { type Claim, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';
import { parseJson } from '../parse-json.js';

/** Where Node.js looks for packages: node_modules, and Debian's own folders of it. */
const MANIFEST =
  /\/(?:node_modules|usr\/(?:share|lib(?:\/[^/]+)?)\/nodejs)\/(?:@[^/]+\/)?[^/@][^/]*\/package\.json$/;

interface NpmManifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly license?: unknown;
}

/**
 * npm's packages: the folder of a package.json, without those further down in its own node_modules.
 *
 * @see the npm documentation, "package.json", "folders"; Node.js, "Modules: CommonJS modules"
 */
export const npm: PackageReader = {
  isDatabase: (path) => path.endsWith('/package.json') && MANIFEST.test(path),

  *read({ files, warn }) {
    for (const [path, bytes] of files) {
      const manifest = parseJson<NpmManifest>(bytes);
      if (manifest === undefined) warn({ path, message: 'not JSON' });
      // A package.json with no name only tells how the files beside it are to be loaded.
      if (typeof manifest?.name !== 'string' || typeof manifest.version !== 'string') continue;
      const [, namespace, name = manifest.name] = /^(@[^/]+)\/(.+)$/.exec(manifest.name) ?? [];
      const { version, license } = manifest;
      yield {
        package: {
          ecosystem: 'npm',
          name: manifest.name,
          version,
          licenses: typeof license === 'string' ? [license] : [],
          purl: packageUrl({ type: 'npm', namespace, name, version }),
          database: path,
        },
        paths: [],
        folders: [folderOf(path)],
      } satisfies Claim;
    }
  },
};
