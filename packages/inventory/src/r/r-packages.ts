import { parseParagraphs } from '../control-paragraphs.js';
import { byteText, type Claim, folderOf, type PackageReader } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

/** An installed package has both beside each other; the sources of one have no Meta. */
const DESCRIPTION = '/DESCRIPTION';
const INSTALLED = '/Meta/package.rds';

/**
 * R's packages: the folder of a DESCRIPTION, with all that is in it.
 *
 * @see "R Installation and Administration", 6.1; "Writing R Extensions", 1.1.1
 */
export const rPackages: PackageReader = {
  isDatabase: (path) => path.endsWith(DESCRIPTION),

  *read({ files, tree, warn }) {
    for (const [path, bytes] of files) {
      const folder = folderOf(path);
      const isSource = !tree.has(`${folder}${INSTALLED}`);
      const [fields] = parseParagraphs(byteText(bytes));
      const [name, version, license, repository, bioconductor] = [
        'package',
        'version',
        'license',
        'repository',
        'biocviews',
      ].map((key) => fields?.get(key));
      // Anybody may call a file DESCRIPTION: without Meta it is no installed package, and no broken one either.
      if (isSource) continue;
      if (!name || !version) {
        warn({ path, message: 'no name and version of an R package' });
        continue;
      }
      const origin = bioconductor === undefined ? repository : 'Bioconductor';
      yield {
        package: {
          ecosystem: 'r',
          name,
          version,
          ...(origin && { origin }),
          licenses: license ? [license.replaceAll('\n', ' ')] : [],
          purl: packageUrl({ type: bioconductor === undefined ? 'cran' : 'bioconductor', name, version }),
          database: path,
        },
        paths: [],
        folders: [folder],
      } satisfies Claim;
    }
  },
};
