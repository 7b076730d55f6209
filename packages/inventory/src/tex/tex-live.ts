import { byteText, type Claim, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

const FILE_FIELDS = /^(?:runfiles|docfiles|srcfiles|binfiles)\b/;

/**
 * TeX Live's own database, where it was installed without a distribution's packages.
 *
 * @see TLPOBJ and TLPDB in the documentation of TeX Live's modules
 */
export const texLive: PackageReader = {
  isDatabase: (path) => path.endsWith('/tlpkg/texlive.tlpdb'),

  *read({ files }) {
    for (const [path, bytes] of files) {
      const root = folderOf(folderOf(path)).replace(/\/$/, '');
      for (const block of byteText(bytes).split(/\n\n+/)) {
        const rows = block.split('\n');
        const field = (name: string) =>
          rows
            .find((row) => row.startsWith(`${name} `))
            ?.slice(name.length + 1)
            .trim();
        const [name, revision] = [field('name'), field('revision')];
        // The first entries hold the database's own settings.
        if (!name || name.startsWith('00texlive') || !revision) continue;
        const [version, license] = [field('catalogue-version') ?? `r${revision}`, field('catalogue-license')];
        yield {
          package: {
            ecosystem: 'texlive',
            name,
            version,
            licenses: license ? [license] : [],
            purl: packageUrl({ type: 'generic', namespace: 'texlive', name, version }),
            database: path,
          },
          paths: listedFiles(rows).map((file) => `${root}/${file.replace(/^RELOC\//, 'texmf-dist/')}`),
        } satisfies Claim;
      }
    }
  },
};

/** After a field of files, each on a line of its own that begins with a blank; what follows a file is told of it. */
function listedFiles(rows: readonly string[]): string[] {
  let inFiles = false;
  return rows.flatMap((row) => {
    if (!row.startsWith(' ')) {
      inFiles = FILE_FIELDS.test(row);
      return [];
    }
    return inFiles ? [row.slice(1).replace(/ (?:details|language)=.*$/, '')] : [];
  });
}
