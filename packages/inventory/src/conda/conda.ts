import { type Claim, folderOf, type PackageReader, toBytes } from '../package-reader.js';
import { packageUrl } from '../package-url.js';
import { parseJson } from '../parse-json.js';

const RECORD = /\/conda-meta\/[^/]+\.json$/;

interface CondaRecord {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly build?: unknown;
  readonly subdir?: unknown;
  readonly channel?: unknown;
  readonly license?: unknown;
  /** Relative to the environment. */
  readonly files?: unknown;
}

/** The records of conda's environments. @see conda's documentation, "Environments", conda-meta */
export const conda: PackageReader = {
  isDatabase: (path) => RECORD.test(path),

  *read({ files, warn }) {
    for (const [path, bytes] of files) {
      const record = parseJson<CondaRecord>(bytes);
      if (typeof record?.name !== 'string' || typeof record.version !== 'string') {
        warn({ path, message: 'no record of conda' });
        continue;
      }
      const { name, version } = record;
      const [build, subdir, url, license] = [record.build, record.subdir, record.channel, record.license].map(
        (value) => (typeof value === 'string' && value !== '' ? value : undefined),
      );
      // The channel may be told as the address of one platform's folder.
      const channel = url
        ?.replace(/\/+$/, '')
        .replace(subdir === undefined ? /$/ : `/${subdir}`, '')
        .split('/')
        .at(-1);
      const prefix = folderOf(folderOf(path)).replace(/\/$/, '');
      const listed = Array.isArray(record.files)
        ? record.files.filter((file) => typeof file === 'string')
        : [];
      yield {
        package: {
          ecosystem: 'conda',
          name,
          version,
          ...(subdir && { architecture: subdir }),
          ...(channel && { origin: channel }),
          licenses: license ? [license] : [],
          purl: packageUrl({ type: 'conda', name, version, qualifiers: { build, channel, subdir } }),
          database: path,
        },
        paths: [path, ...listed.map((file) => `${prefix}/${toBytes(file)}`)],
      } satisfies Claim;
    }
  },
};
