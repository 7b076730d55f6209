import type { MetadataRewriter, Rewritten } from '../metadata/metadata-rewriter.js';
import { readRpmHeaders, TEXT_MANIFEST } from './rpm.js';
import { RPM_TAG, type RpmHeader } from './rpm-header.js';

/**
 * The packages of rpm of which something is left, as a text: one a line, in the fields that images without rpm's
 * database have.
 *
 * @see the image definitions of CBL-Mariner: `rpm -qa --qf`
 */
export const rpmMetadata: MetadataRewriter = {
  *wanted({ packages }) {
    for (const { database } of packages) if (database !== TEXT_MANIFEST) yield database;
  },

  async rewrite({ packages }, files) {
    const written: Rewritten[] = [];
    for (const [path, bytes] of files) {
      const own = packages.filter(({ database }) => database === path);
      const wanted = new Set(
        own.map(({ name, version, architecture }) => `${name} ${version} ${architecture}`),
      );
      const lines = (await readRpmHeaders(bytes)).flatMap((header) =>
        wanted.has(identityOf(header)) ? [`${fieldsOf(header).join('\t')}\n`] : [],
      );
      const content = Buffer.from(lines.sort().join(''), 'latin1');
      if (lines.length > 0) written.push({ path: TEXT_MANIFEST, from: path, content });
    }
    return written;
  },
};

function identityOf(header: RpmHeader): string {
  const epoch = first(header, 'epoch');
  const version = `${first(header, 'version')}-${first(header, 'release')}`;
  return `${first(header, 'name')} ${epoch === undefined ? version : `${epoch}:${version}`} ${first(header, 'architecture')}`;
}

/** Name, version-release, install time, build time, vendor, epoch, size, architecture, epoch in figures, source. */
function fieldsOf(header: RpmHeader): readonly (string | number)[] {
  const told = (tag: keyof typeof RPM_TAG) => first(header, tag) ?? '(none)';
  return [
    told('name'),
    `${told('version')}-${told('release')}`,
    told('installTime'),
    told('buildTime'),
    told('vendor'),
    told('epoch'),
    told('sizeBytes'),
    told('architecture'),
    first(header, 'epoch') ?? 0,
    told('sourceRpm'),
  ];
}

function first(header: RpmHeader, tag: keyof typeof RPM_TAG): string | number | undefined {
  return header.get(RPM_TAG[tag])?.[0];
}
