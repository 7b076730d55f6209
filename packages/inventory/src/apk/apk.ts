import { byteText, type Claim, type PackageReader } from '../package-reader.js';
import { systemPackageUrl } from '../package-url.js';

const DATABASES: ReadonlySet<string> = new Set(['/lib/apk/db/installed', '/usr/lib/apk/db/installed']);

/**
 * apk's list of what is installed: fields of one letter, `F:` a folder and `R:` a file in it.
 *
 * @see the apk specification, "Installed Database V2"
 */
export const apk: PackageReader = {
  isDatabase: (path) => DATABASES.has(path),

  *read({ files, system, warn }) {
    for (const [path, bytes] of files) {
      for (const block of byteText(bytes).split(/\n\n+/)) {
        if (block.trim() === '') continue;
        const { fields, paths } = readBlock(block);
        const [name, version, architecture, license, origin] = ['P', 'V', 'A', 'L', 'o'].map((key) =>
          fields.get(key),
        );
        if (!name || !version) {
          warn({ path, message: `an entry without ${name ? `version: ${name}` : 'name'}` });
          continue;
        }
        yield {
          package: {
            ecosystem: 'apk',
            name,
            version,
            ...(architecture && { architecture }),
            ...(origin && { sourcePackage: { name: origin, version } }),
            licenses: license ? [license] : [],
            purl: systemPackageUrl(
              { type: 'apk', name, version, qualifiers: { arch: architecture } },
              system,
              'alpine',
            ),
            database: path,
          },
          paths,
        } satisfies Claim;
      }
    }
  },
};

function readBlock(block: string): { fields: ReadonlyMap<string, string>; paths: string[] } {
  const fields = new Map<string, string>();
  const paths: string[] = [];
  let folder = '';
  for (const line of block.split('\n')) {
    const [key, value] = [line.slice(0, 1), line.slice(2)];
    if (line[1] !== ':') continue;
    if (key === 'F') folder = value === '' ? '' : `/${value}`;
    else if (key === 'R') paths.push(`${folder}/${value}`);
    else if (!fields.has(key)) fields.set(key, value);
  }
  return { fields, paths };
}
