import {
  type Container,
  type Engine,
  type ImageDetails,
  runProgram,
  streamProgram,
} from '@keepset/docker-engine';
import { packBareEntry } from './bare-entry.js';
import { nulSeparated } from './nul-separated.js';
import {
  type BeforeStart,
  COVERED_PATHS,
  isTouched,
  type OwnEntry,
  packEntries,
  readBeforeStart,
  readOwnEntries,
} from './own-entries.js';
import type { Toolbox } from './provide-toolbox.js';
import { type Attributes, readAttributes } from './read-attributes.js';
import { readCapable } from './read-capable.js';
import { ToolboxError } from './toolbox-error.js';
import { quietVariables, TOOLBOX_FOLDER, toolCommand } from './toolbox-layout.js';

/** What is at a path of the image: a link with its target, a folder, something else, or nothing. */
export type LinkAnswer =
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' }
  | { readonly kind: 'missing' };

/**
 * Reads an image through one container of it, in which nothing of the image runs: only programs of the toolbox.
 * Paths are byte strings: each UTF-16 unit is one byte.
 */
export interface ImageReader extends AsyncDisposable {
  readonly container: Container;
  /** What the image itself has at the paths that an engine covers in containers (/etc/hosts, /dev, …). */
  readonly ownEntries: ReadonlyMap<string, OwnEntry>;
  /** Paths at which a running container does not show the image. */
  readonly coveredPaths: readonly string[];
  /** From now on it has the same right to the processors as any container. */
  toForeground(): Promise<void>;
  /** One answer a path, in order; one program run for all. */
  readLinks(paths: readonly string[]): Promise<readonly LinkAnswer[]>;
  /** The whole tree in a format of GNU find's -printf, without the covered paths. */
  readListing(format: string): AsyncIterable<Uint8Array>;
  /** The first bytes of regular files whose sizes are known. */
  readHeads(
    files: readonly { readonly path: string; readonly sizeBytes: number }[],
    maxBytes: number,
  ): Promise<readonly Uint8Array[]>;
  /** Those of some regular files that have capabilities of their own. @see capabilities(7), "File capabilities" */
  readCapable(paths: readonly string[]): Promise<readonly string[]>;
  /**
   * The paths, not what is below them, as one tar: numeric owners, no access times, extended attributes, hard links,
   * sparse files. Where the engine renewed the time of a folder, the image's own time of creation stands.
   *
   * @throws ToolboxError TOOLBOX_PATH_MISSING  a path that an engine covers, and the image has nothing there
   * @throws EngineError EXEC_FAILED  another path does not exist; told when the archive ends
   */
  readArchive(paths: readonly string[], options?: ArchiveOptions): AsyncIterable<Uint8Array>;
}

export interface ArchiveOptions {
  /**
   * Those of the paths that go in as empty files, with their name, owner, mode and time, without extended attributes,
   * and never as a hard link. What is no regular file goes in as it is.
   */
  readonly stubs?: ReadonlySet<string>;
}

/** Folders in which the engine makes its own entries, and so renews the times. */
const TOUCHED_FOLDERS = ['/', '/etc', '/run'];

/** @see docker run --cpu-shares: a weight, of 1024 by default */
const CPU_SHARES_MIN = 2;
const CPU_SHARES_DEFAULT = 1024;

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

export interface ReaderOptions {
  /** Whatever runs beside the reader goes first, until `toForeground`. Default false. */
  readonly inBackground?: boolean;
}

/** Start a container of the image that does nothing but wait, and answer questions through it. */
export async function openImageReader(
  engine: Engine,
  image: ImageDetails,
  toolbox: Toolbox,
  { inBackground = false }: ReaderOptions = {},
): Promise<ImageReader> {
  // Others than Docker refuse where they have not got the right to promise it.
  const yields = inBackground && engine.details.isDocker;
  const container = await engine.createContainer(
    {
      Image: image.id,
      Entrypoint: toolCommand('sleep'),
      Cmd: ['infinity'],
      User: '0:0',
      WorkingDir: '/',
      Env: quietVariables(image.config.Env),
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        Mounts: [toolbox.mount],
        NetworkMode: 'none',
        LogConfig: { Type: 'none' },
        ...(yields && { CpuShares: CPU_SHARES_MIN }),
      },
    },
    'reader',
  );
  let ownEntries: ReadonlyMap<string, OwnEntry>;
  let before: BeforeStart = { made: [], times: new Map() };
  try {
    ownEntries = await readOwnEntries(container);
    // Docker makes its entries with the container.
    if (!engine.details.isDocker) before = await readBeforeStart(container);
    await container.start();
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }

  const covered = [...COVERED_PATHS, ...before.made];

  /** An engine copies a volume's content, folders with new times, and makes the way to it. */
  const volumePaths = Object.keys(image.config.Volumes ?? {}).map((path) => path.replace(/\/+$/, ''));
  function mayBeTouched(path: string): boolean {
    return (
      TOUCHED_FOLDERS.includes(path) ||
      volumePaths.some((volume) => `${path}/`.startsWith(`${volume}/`) || volume.startsWith(`${path}/`))
    );
  }

  return {
    container,
    ownEntries,
    coveredPaths: [...covered, TOOLBOX_FOLDER],

    async readLinks(paths) {
      if (paths.length === 0) return [];
      const command = toolCommand('find', [
        '-files0-from',
        '-',
        '-maxdepth',
        '0',
        '-printf',
        '%y\\0%l\\0%p\\0',
      ]);
      const asked = paths.filter((path) => !path.includes('\0') && path !== '');
      const output = (await runProgram(container, { command, stdin: nulSeparated(asked) }, [0, 1])).toString(
        'latin1',
      );
      const answers = new Map<string, LinkAnswer>();
      const fields = output.split('\0');
      for (let at = 0; at + 2 < fields.length; at += 3) {
        const [kind, target = '', path = ''] = fields.slice(at, at + 3);
        answers.set(
          path,
          kind === 'l' ? { kind: 'link', target } : { kind: kind === 'd' ? 'directory' : 'other' },
        );
      }
      return paths.map((path) => ownAnswer(path) ?? answers.get(path) ?? { kind: 'missing' });
    },

    readListing(format) {
      const left = [...covered, TOOLBOX_FOLDER].flatMap((path, index) => [
        ...(index > 0 ? ['-o'] : []),
        '-path',
        path,
      ]);
      // Without -xdev: a copy of the image's files is mounted at each VOLUME.
      const command = toolCommand('find', ['/', '(', ...left, ')', '-prune', '-o', '-printf', format]);
      return streamProgram(container, { command });
    },

    async readHeads(files, maxBytes) {
      const wanted = files.filter(({ sizeBytes }) => sizeBytes > 0);
      const command = toolCommand('xargs', [
        '-0',
        '-r',
        '--',
        ...toolCommand('head', ['-q', '-c', String(maxBytes), '--']),
      ]);
      const bytes =
        wanted.length === 0
          ? Buffer.alloc(0)
          : await runProgram(container, { command, stdin: nulSeparated(wanted.map(({ path }) => path)) });
      let at = 0;
      const heads = files.map(({ sizeBytes }) => {
        const start = at;
        at += Math.min(sizeBytes, maxBytes);
        return bytes.subarray(start, at);
      });
      if (at !== bytes.length) {
        throw new ToolboxError(
          'TOOLBOX_BAD_ANSWER',
          `expected ${at} bytes from the starts of ${files.length} files of the image, got ${bytes.length}`,
        );
      }
      return heads;
    },

    readCapable: (paths) => readCapable(container, paths),

    async *readArchive(paths, { stubs = new Set() } = {}) {
      const isStub = (path: string) => stubs.has(path);
      const attributes = await readAttributes(
        container,
        paths.filter((path) => isStub(path) || mayBeTouched(path)),
      );
      const created = new Date(Math.max(0, Date.parse(image.created) || 0));
      const own: OwnEntry[] = [];
      const bare: Uint8Array[] = [];
      const rest: string[] = [];
      for (const path of paths) {
        if (ownAnswer(path)?.kind === 'missing') throw missing(path);
        const entry = ownEntries.get(path);
        const found = attributes.get(path);
        if (entry !== undefined)
          own.push(isStub(path) && entry.header.type === 'file' ? { ...entry, content: NOTHING } : entry);
        else if (found?.kind === 'd' && mayBeTouched(path) && isTouched(timeOf(found), container.createdMs))
          bare.push(packBareEntry(path, { ...found, mtime: toSeconds(before.times.get(path) ?? created) }));
        else if (found?.kind === 'f' && isStub(path)) bare.push(packBareEntry(path, found));
        else rest.push(path);
      }
      yield await packEntries(own, container.createdMs, created);
      yield* bare;
      yield* streamProgram(container, {
        command: toolCommand('tar', TAR_OPTIONS),
        stdin: nulSeparated(rest.map((path) => (path === '/' ? './' : path.slice(1)))),
      });
    },

    async toForeground() {
      if (yields) await container.setCpuShares(CPU_SHARES_DEFAULT);
    },

    async [Symbol.asyncDispose]() {
      await container[Symbol.asyncDispose]();
    },
  };

  /** At a covered path the container shows the engine's file: answer for the image's. */
  function ownAnswer(path: string): LinkAnswer | undefined {
    if (path === TOOLBOX_FOLDER || path.startsWith(`${TOOLBOX_FOLDER}/`)) return { kind: 'missing' };
    const cover = covered.find((one) => path === one || path.startsWith(`${one}/`));
    if (cover === undefined) return undefined;
    const own = ownEntries.get(cover);
    if (own === undefined || path !== cover) return { kind: 'missing' };
    if (own.header.type === 'symlink') return { kind: 'link', target: own.header.linkname ?? '' };
    return { kind: own.header.type === 'directory' ? 'directory' : 'other' };
  }
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
