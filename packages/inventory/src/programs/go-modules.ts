import type { InstalledPackage } from '../installed-package.js';
import { byteText, type Databases } from '../package-reader.js';
import { packageUrl } from '../package-url.js';

export const GO_SECTION = '.go.buildinfo';

const MAGIC = '\xff Go buildinf:';
const FLAGS_AT = 15;
/** Since Go 1.18 both texts follow the header; before, it held addresses of them. */
const FLAG_INLINE = 2;
const HEADER_BYTES = 32;
/** Around the second text, 16 bytes each. */
const MARK_BYTES = 16;

/**
 * The modules that a Go program was linked from, and Go's own library as `stdlib`, as the Go vulnerability database
 * calls it. A module that was replaced is the one that it was replaced by.
 *
 * @param section  the content of `.go.buildinfo`
 * @throws RangeError  it ends too early
 * @see package debug/buildinfo and runtime/debug of Go, "BuildInfo.String"
 */
export function* readGoModules(
  path: string,
  section: Uint8Array,
  warn: Databases['warn'],
): Iterable<InstalledPackage> {
  if (byteText(section.subarray(0, MAGIC.length)) !== MAGIC) throw new Error('no build information of Go');
  if (((section[FLAGS_AT] ?? 0) & FLAG_INLINE) === 0) {
    warn({ path, message: 'built by Go of before 1.18, whose build information is not read' });
    return;
  }
  const [version, modulesAt] = readText(section, HEADER_BYTES);
  const [marked] = readText(section, modulesAt);
  const [, release] = /^go(\d\S*)/.exec(version) ?? [];
  if (release !== undefined) yield toModule('stdlib', release, path);
  let latest: readonly [string, string] | undefined;
  for (const line of marked.slice(MARK_BYTES, -MARK_BYTES).split('\n')) {
    const [kind, name = '', moduleVersion = ''] = line.split('\t');
    // A line of a replacement belongs to the module on the line before.
    if (kind === '=>') latest = [name, moduleVersion];
    else {
      if (latest !== undefined) yield toModule(...latest, path);
      latest = (kind === 'mod' || kind === 'dep') && name !== '' ? [name, moduleVersion] : undefined;
    }
  }
  if (latest !== undefined) yield toModule(...latest, path);
}

function toModule(fullName: string, told: string, database: string): InstalledPackage {
  // What was built from a folder, and not from a release.
  const version = told === '(devel)' ? '' : told;
  const slash = fullName.lastIndexOf('/');
  return {
    ecosystem: 'go',
    name: fullName,
    version,
    licenses: [],
    purl: packageUrl({
      type: 'golang',
      namespace: slash > 0 ? fullName.slice(0, slash) : undefined,
      name: fullName.slice(slash + 1),
      version,
    }),
    database,
  };
}

/** A text with its length before it, and where it ends. @see encoding/binary of Go, "Uvarint" */
function readText(bytes: Uint8Array, start: number): readonly [text: string, end: number] {
  let [length, factor, at] = [0, 1, start];
  for (let isLast = false; !isLast; at++, factor *= 128) {
    const byte = bytes[at];
    if (byte === undefined) throw new RangeError(`build information of Go ends at byte ${at}`);
    length += (byte & 0x7f) * factor;
    isLast = byte < 0x80;
  }
  if (at + length > bytes.byteLength)
    throw new RangeError(`build information of Go ends at byte ${bytes.byteLength}, not ${at + length}`);
  return [new TextDecoder().decode(bytes.subarray(at, at + length)), at + length];
}
