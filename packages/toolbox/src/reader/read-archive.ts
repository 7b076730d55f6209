import { type Container, type ImageDetails, streamProgram } from '@keepset/docker-engine';
import { ToolboxError } from '../toolbox-error.js';
import { toolCommand } from '../toolbox-layout.js';
import { packBareEntry } from './bare-entry.js';
import { answerCovered, type CoveredPaths } from './covered-paths.js';
import { nulSeparated } from './nul-separated.js';
import { isTouched, type OwnEntry, packEntries } from './own-entries.js';
import { type Attributes, readAttributes } from './read-attributes.js';

/** What goes into an archive otherwise than the image has it. */
export interface ArchiveOptions {
  /**
   * Those of the paths that go in as empty files, with their name, owner, mode and time, without extended attributes,
   * and never as a hard link. What is no regular file goes in as it is.
   */
  readonly stubs?: ReadonlySet<string>;
}

/** Where the entries of an archive come from. */
export interface ArchiveSource {
  readonly container: Container;
  readonly image: Pick<ImageDetails, 'created' | 'config'>;
  readonly covered: CoveredPaths;
}

/** Folders in which the engine makes its own entries, and so renews the times. */
const TOUCHED_FOLDERS = ['/', '/etc', '/run'];

const TAR_OPTIONS = [
  '--create',
  '--file=-',
  '--format=posix',
  // No process id in the names of extended headers, no times but the last modification.
  '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
  '--numeric-owner',
  '--xattrs',
  '--xattrs-include=*',
  '--sparse',
  // The other formats put tar's process id into a name.
  '--sparse-version=0.0',
  '--no-recursion',
  '--blocking-factor=512',
  '--directory=/',
  '--null',
  '--no-unquote',
  '--verbatim-files-from',
  '--files-from=-',
];

/**
 * Some paths of an image, not what is below them, as one tar: numeric owners, no access times, extended attributes,
 * hard links, sparse files. Where the engine renewed the time of a folder, the image's own time of creation stands.
 *
 * @throws ToolboxError TOOLBOX_PATH_MISSING  a path that an engine covers, and the image has nothing there
 * @throws EngineError EXEC_FAILED  another path does not exist; thrown when the archive ends
 */
export async function* readArchive(
  source: ArchiveSource,
  paths: readonly string[],
  { stubs = new Set() }: ArchiveOptions = {},
): AsyncGenerator<Uint8Array> {
  const { container, image } = source;
  const created = new Date(Math.max(0, Date.parse(image.created) || 0));
  const { own, bare, whole } = await sortPaths(source, paths, { stubs, created });
  yield await packEntries(own, container.createdMs, created);
  yield* bare;
  yield* streamProgram(container, {
    command: toolCommand('tar', TAR_OPTIONS),
    stdin: nulSeparated(whole.map((path) => (path === '/' ? './' : path.slice(1)))),
  });
}

/** The paths of an archive by what makes their entries. */
interface SortedPaths {
  /** What a running container covers, read before it was started. */
  readonly own: readonly OwnEntry[];
  /** Entries without content that GNU tar would make of another time, or with the content: stubs and touched folders. */
  readonly bare: readonly Uint8Array[];
  /** GNU tar's. */
  readonly whole: readonly string[];
}

async function sortPaths(
  { container, image, covered }: ArchiveSource,
  paths: readonly string[],
  { stubs, created }: { readonly stubs: ReadonlySet<string>; readonly created: Date },
): Promise<SortedPaths> {
  const mayBeTouched = touchedByEngine(image.config);
  const isBare = (path: string) => stubs.has(path) || mayBeTouched(path);
  const attributes = await readAttributes(container, paths.filter(isBare));
  const own: OwnEntry[] = [];
  const bare: Uint8Array[] = [];
  const whole: string[] = [];
  for (const path of paths) {
    if (answerCovered(covered, path)?.kind === 'missing') throw missing(path);
    const entry = covered.ownEntries.get(path);
    const found = attributes.get(path);
    if (entry !== undefined)
      own.push(stubs.has(path) && entry.header.type === 'file' ? { ...entry, content: NOTHING } : entry);
    else if (found?.kind === 'd' && mayBeTouched(path) && isTouched(timeOf(found), container.createdMs))
      bare.push(
        packBareEntry(path, { ...found, mtime: toSeconds(covered.folderTimes.get(path) ?? created) }),
      );
    else if (found?.kind === 'f' && stubs.has(path)) bare.push(packBareEntry(path, found));
    else whole.push(path);
  }
  return { own, bare, whole };
}

/** An engine copies a volume's content, folders with new times, and makes the folders on the way to it. */
function touchedByEngine({ Volumes }: ImageDetails['config']): (path: string) => boolean {
  const volumes = Object.keys(Volumes ?? {}).map((path) => path.replace(/\/+$/, ''));
  return (path) =>
    TOUCHED_FOLDERS.includes(path) ||
    volumes.some((volume) => `${path}/`.startsWith(`${volume}/`) || volume.startsWith(`${path}/`));
}

const NOTHING = new Uint8Array();

function missing(path: string): ToolboxError {
  return new ToolboxError(
    'TOOLBOX_PATH_MISSING',
    `the image has no '${path}' of its own: an engine makes it`,
  );
}

function toSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}

function timeOf({ mtime }: Attributes): Date {
  return new Date(Math.floor(Number(mtime)) * 1000);
}
