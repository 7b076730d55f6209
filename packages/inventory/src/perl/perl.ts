import { byteText, type Claim, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

const PACKLIST = '/.packlist';

/**
 * Perl's modules: the list that `make install` of a distribution leaves below `auto`, in the folders of its main
 * module, whose file has the version. The list of Perl itself is not below `auto`, and its folder has the version.
 *
 * @see ExtUtils::Packlist, ExtUtils::Installed; "parse_version" in ExtUtils::MM_Unix
 */
export const perl: PackageReader = {
  isDatabase: (path) => path.endsWith(PACKLIST),

  *besides({ files }) {
    for (const [path, bytes] of files) {
      const file = moduleFile(path, listedPaths(bytes));
      if (file !== undefined) yield file;
    }
  },

  *read({ files, beside, warn }) {
    for (const [path, bytes] of files) {
      const paths = listedPaths(bytes);
      const name = moduleName(path);
      const file = moduleFile(path, paths);
      const text = file === undefined ? undefined : beside.get(file);
      const version =
        name === undefined
          ? /\/(\d+\.\d+(?:\.\d+)?)\//.exec(path)?.[1]
          : text && moduleVersion(byteText(text));
      if (version === undefined) {
        warn({ path, message: 'a list of Perl without the module that has the version' });
        continue;
      }
      yield {
        package: {
          ecosystem: 'perl',
          name: name ?? 'perl',
          version,
          licenses: [],
          purl:
            name === undefined
              ? packageUrl({ type: 'generic', name: 'perl', version })
              : packageUrl({ type: 'cpan', name, version }),
          database: path,
        },
        paths: [path, ...paths],
      } satisfies Claim;
    }
  },
};

/** One path a line; after it, where it is a link or has a type, ` key=value`. */
function listedPaths(bytes: Uint8Array): string[] {
  return byteText(bytes)
    .split('\n')
    .map((line) => line.replace(/( [\w-]+=\S*)+$/, ''))
    .filter((line) => line.startsWith('/'));
}

/** `…/auto/Foo/Bar/.packlist` is of Foo::Bar. */
function moduleName(path: string): string | undefined {
  return /\/auto\/(.+)$/.exec(folderOf(path))?.[1]?.replaceAll('/', '::');
}

function moduleFile(path: string, listed: readonly string[]): string | undefined {
  const name = moduleName(path);
  return name && listed.find((each) => each.endsWith(`/${name.replaceAll('::', '/')}.pm`));
}

/** What is assigned to $VERSION, or stands in the package's own line; not what only Perl could compute. */
function moduleVersion(text: string): string | undefined {
  const code = text.split(/^__(?:END|DATA)__$/m, 1)[0] ?? '';
  const assigned =
    /^[^#\n]*?[$*](?:[\w:']+::)?VERSION\b[^=\n]*=\s*(?:(?:version->)?\w+\s*\(?\s*)?(['"]?)(v?[\d._]+)\1/m;
  const declared = /^\s*package\s+[\w:]+\s+(v?[\d._]+)\s*[;{]/m;
  return assigned.exec(code)?.[2] ?? declared.exec(code)?.[1];
}
