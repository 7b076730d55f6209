import { byteText, type Claim, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

const SPECIFICATION = /\/specifications\/(?:default\/)?[^/]+\.gemspec$/;
/** RubyGems writes it on the second line of what it installs. */
const STUB = /^# stub: (\S+) (\S+) (\S+) /m;

/**
 * Ruby's gems: what is installed has a specification, with a comment that can be read without Ruby.
 *
 * @see RubyGems, Gem::StubSpecification
 */
export const gems: PackageReader = {
  isDatabase: (path) => SPECIFICATION.test(path),

  *read({ files, warn }) {
    for (const [path, bytes] of files) {
      const text = byteText(bytes);
      const [, name, version, platform] = STUB.exec(text) ?? [];
      if (!name || !version) {
        warn({ path, message: 'a gem without a stub line: it was not installed by RubyGems' });
        continue;
      }
      const home = folderOf(path).replace(/\/specifications(?:\/default)?$/, '');
      const fullName = path.slice(path.lastIndexOf('/') + 1, -'.gemspec'.length);
      const [, licenses = ''] = /^\s*s\.licenses = \[(.*?)\]/m.exec(text) ?? [];
      const foreign = platform === undefined || platform === 'ruby' ? undefined : platform;
      yield {
        package: {
          ecosystem: 'gem',
          name,
          version,
          ...(foreign && { architecture: foreign }),
          licenses: [...licenses.matchAll(/"([^"]*)"/g)].map(([, license = '']) => license),
          purl: packageUrl({ type: 'gem', name, version, qualifiers: { platform: foreign } }),
          database: path,
        },
        paths: [path, `${home}/cache/${fullName}.gem`],
        folders: [`${home}/gems/${fullName}`],
      } satisfies Claim;
    }
  },
};
