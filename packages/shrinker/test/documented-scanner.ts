import type { ExportedEntry } from './exported-tree.ts';

/** A package as scanners that know images of Debian tell it. */
export interface ScannedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Absolute paths, as far as checksums are told. */
  readonly files: readonly string[];
}

/**
 * Reads an image's Debian packages by what Trivy, Syft and distroless document, and nothing of ours:
 *
 * - packages stand in `var/lib/dpkg/status`, a paragraph each, and in the files of `var/lib/dpkg/status.d` that are not
 *   called `*.md5sums` (Trivy, "dpkg"; Syft, "debian");
 * - one whose `Status` says deinstall or purge does not count; one without name or version does not either (Trivy);
 * - its files are those of `info/NAME:ARCHITECTURE.md5sums`, else of `info/NAME.md5sums`; of a package in status.d, in
 *   status.d itself (Syft), and the configuration files of its paragraph (Syft).
 */
export function scanDebian(
  tree: ReadonlyMap<string, ExportedEntry>,
  contentOf: (path: string) => string,
): readonly ScannedPackage[] {
  const folder = '/var/lib/dpkg';
  const entries = [...tree].filter(([, { type }]) => type === 'file').map(([path]) => path);
  const databases = entries.filter(
    (path) =>
      path === `${folder}/status` || (path.startsWith(`${folder}/status.d/`) && !path.endsWith('.md5sums')),
  );
  return databases.flatMap((database) => {
    const sums = database.includes('/status.d/') ? `${folder}/status.d` : `${folder}/info`;
    return contentOf(database)
      .split(/\n\s*\n/)
      .flatMap((paragraph) => {
        const field = (name: string) => new RegExp(`^${name}:[ \t]*(.*)$`, 'm').exec(paragraph)?.[1];
        const [name, version, architecture = ''] = [
          field('Package'),
          field('Version'),
          field('Architecture'),
        ];
        if (!name || !version || /\b(?:deinstall|purge)\b/.test(field('Status') ?? '')) return [];
        const list = [`${sums}/${name}:${architecture}.md5sums`, `${sums}/${name}.md5sums`].find((path) =>
          tree.has(path),
        );
        const summed = (list === undefined ? '' : contentOf(list)).split('\n').filter(Boolean);
        const [, configuration = ''] = /^Conffiles:\n((?: .*\n?)*)/m.exec(paragraph) ?? [];
        const files = [
          ...summed.map((line) => `/${line.slice(line.indexOf(' ')).trim()}`),
          ...configuration.split('\n').flatMap((line) => line.trim().split(' ')[0] || []),
        ];
        return [{ name, version, architecture, files }];
      });
  });
}
