import type { InstalledPackage } from '../installed-package.js';
import { type ContentReader, toBytes } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

const ARCHIVE = /\.(?:jar|war|ear|hpi|jpi)$/;
const POM_PROPERTIES = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const MANIFEST = 'META-INF/MANIFEST.MF';
/** What is longer is none of these: a whole manifest of signatures is below a megabyte. */
const MEMBER_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Java archives: Maven's coordinates of all that is in them, else the main section of the manifest.
 *
 * Maven's are a whole name. A manifest has no group, so what it tells gets a generic PURL rather than a guessed one.
 * Archives within archives are not opened.
 *
 * @see "Maven Archiver", pom.properties; the JAR File Specification, "JAR Manifest"; OSGi Core, 3.2.1
 */
export const javaArchives: ContentReader = {
  isCandidate: ({ path, sizeBytes }) => sizeBytes > 0 && ARCHIVE.test(path),
  magic: 'PK\x03\x04',
  passesOverSystem: false,

  async *read(path, content, warn) {
    // Loaded only where it is needed: every command would start later.
    const { unzipSync } = await import('fflate');
    const members = unzipSync(content, {
      filter: ({ name, originalSize }) =>
        originalSize <= MEMBER_BYTES_MAX && (name === MANIFEST || POM_PROPERTIES.test(name)),
    });
    const text = (name: string) => new TextDecoder().decode(members[name]);
    const manifest = parseManifest(members[MANIFEST] === undefined ? '' : text(MANIFEST));
    const poms = Object.keys(members).filter((name) => name !== MANIFEST);
    // What is told of the whole archive is told of its package only where there is one.
    const licenses =
      poms.length <= 1 && manifest.get('bundle-license') ? [manifest.get('bundle-license')] : [];
    for (const name of poms.sort()) {
      const { groupId, artifactId, version } = parseProperties(text(name));
      if (!groupId || !artifactId || !version) {
        warn({ path, message: `no coordinates in ${toBytes(name)}` });
        continue;
      }
      yield {
        ecosystem: 'java',
        name: `${groupId}:${artifactId}`,
        version,
        licenses: licenses.filter((license) => license !== undefined),
        purl: packageUrl({ type: 'maven', namespace: groupId, name: artifactId, version }),
        database: path,
      } satisfies InstalledPackage;
    }
    if (poms.length > 0) return;
    const name =
      manifest.get('bundle-symbolicname')?.split(';')[0]?.trim() ?? manifest.get('implementation-title');
    const version = manifest.get('bundle-version') ?? manifest.get('implementation-version');
    if (!name || !version) return;
    const vendor = manifest.get('bundle-vendor') ?? manifest.get('implementation-vendor');
    yield {
      ecosystem: 'java',
      name,
      version,
      ...(vendor && { origin: vendor }),
      licenses: licenses.filter((license) => license !== undefined),
      purl: packageUrl({ type: 'generic', namespace: 'java', name, version }),
      database: path,
    } satisfies InstalledPackage;
  },
};

/** The main section; names in lower case, for they are told apart without regard to case. */
function parseManifest(text: string): ReadonlyMap<string, string> {
  // A line of more than 72 bytes goes on in the next one, after a blank.
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n /g, '').split('\n');
  const end = lines.indexOf('');
  return new Map(
    lines.slice(0, end === -1 ? undefined : end).flatMap((line) => {
      const [, name, value] = /^([A-Za-z0-9][\w-]*): ?(.*)$/.exec(line) ?? [];
      return name === undefined || !value ? [] : [[name.toLowerCase(), value.trim()] as const];
    }),
  );
}

/** @see java.util.Properties, "load"; coordinates have nothing that would be escaped */
function parseProperties(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(/[\r\n]+/).flatMap((line) => {
      const [, name, value] = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}
