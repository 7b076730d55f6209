import {
  type Container,
  type Engine,
  type ImageDetails,
  runProgram,
  streamProgram,
} from '@keepset/docker-engine';
import { COVERED_PATHS, type OwnEntry, packEntries, readOwnEntries } from './own-entries.js';
import type { Toolbox } from './provide-toolbox.js';
import { ToolboxError } from './toolbox-error.js';
import { LOADER_VARIABLES, TOOLBOX_FOLDER, toolCommand } from './toolbox-layout.js';

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
  /** One answer a path, in order; one program run for all. */
  readLinks(paths: readonly string[]): Promise<readonly LinkAnswer[]>;
  /** The whole tree in a format of GNU find's -printf, without the covered paths. */
  readListing(format: string): AsyncIterable<Uint8Array>;
  /** The first bytes of regular files whose sizes are known. */
  readHeads(
    files: readonly { readonly path: string; readonly sizeBytes: number }[],
    maxBytes: number,
  ): Promise<readonly Uint8Array[]>;
  /** The paths, not what is below them, as one tar: numeric owners, no access times, extended attributes, hard links, sparse files. */
  readArchive(paths: readonly string[]): AsyncIterable<Uint8Array>;
}

/** Folders in which the engine makes its own entries, and so renews the times. */
const TOUCHED_FOLDERS = ['/', '/etc'];

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
  '--no-recursion',
  '--blocking-factor=512',
  '--directory=/',
  '--null',
  '--no-unquote',
  '--verbatim-files-from',
  '--files-from=-',
];

/** Start a container of the image that does nothing but wait, and answer questions through it. */
export async function openImageReader(
  engine: Engine,
  image: ImageDetails,
  toolbox: Toolbox,
): Promise<ImageReader> {
  const container = await engine.createContainer(
    {
      Image: image.id,
      Entrypoint: toolCommand('sleep'),
      Cmd: ['infinity'],
      User: '0:0',
      WorkingDir: '/',
      Env: LOADER_VARIABLES.map((name) => `${name}=`),
      Healthcheck: { Test: ['NONE'] },
      HostConfig: { Mounts: [toolbox.mount], NetworkMode: 'none', LogConfig: { Type: 'none' } },
    },
    'reader',
  );
  const ownEntries = await readOwnEntries(container);
  await container.start();
  const volumes = Object.keys(image.config.Volumes ?? {});

  async function readTouchedFolders(): Promise<OwnEntry[]> {
    const command = toolCommand('find', [
      ...TOUCHED_FOLDERS,
      '-maxdepth',
      '0',
      '-printf',
      '%m\\0%U\\0%G\\0%T@\\0%p\\0',
    ]);
    const fields = (await runProgram(container, { command }, [0, 1])).toString('latin1').split('\0');
    const folders: OwnEntry[] = [];
    for (let at = 0; at + 4 < fields.length; at += 5) {
      const [mode = '', uid, gid, mtime, path = ''] = fields.slice(at, at + 5);
      const header = {
        name: path,
        type: 'directory' as const,
        mode: Number.parseInt(mode, 8),
        uid: Number(uid),
        gid: Number(gid),
        mtime: new Date(Math.floor(Number(mtime)) * 1000),
      };
      folders.push({ path, header, content: new Uint8Array() });
    }
    return folders;
  }

  return {
    container,
    ownEntries,
    coveredPaths: [...COVERED_PATHS, TOOLBOX_FOLDER],

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
      const covered = [...COVERED_PATHS, TOOLBOX_FOLDER].flatMap((path, index) => [
        ...(index > 0 ? ['-o'] : []),
        '-path',
        path,
      ]);
      // The engine mounts a copy of the image's files at each VOLUME: -xdev would pass them over.
      const command = toolCommand('find', [
        '/',
        ...volumes,
        '-xdev',
        '(',
        ...covered,
        ')',
        '-prune',
        '-o',
        '-printf',
        format,
      ]);
      return streamProgram(container, { command }, volumes.length > 0 ? [0, 1] : [0]);
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

    async *readArchive(paths) {
      const synthesized = new Map<string, OwnEntry>(ownEntries);
      for (const folder of await readTouchedFolders()) synthesized.set(folder.path, folder);
      const chosen = paths.flatMap((path) => synthesized.get(path) ?? []);
      yield await packEntries(
        chosen,
        container.createdMs,
        new Date(Math.max(0, Date.parse(image.created) || 0)),
      );
      const rest = paths.filter((path) => !synthesized.has(path)).map((path) => path.slice(1));
      yield* streamProgram(container, {
        command: toolCommand('tar', TAR_OPTIONS),
        stdin: nulSeparated(rest),
      });
    },

    async [Symbol.asyncDispose]() {
      await container[Symbol.asyncDispose]();
    },
  };

  /** At a covered path the container shows the engine's file: answer for the image's. */
  function ownAnswer(path: string): LinkAnswer | undefined {
    if (path === TOOLBOX_FOLDER || path.startsWith(`${TOOLBOX_FOLDER}/`)) return { kind: 'missing' };
    const covered = COVERED_PATHS.find((one) => path === one || path.startsWith(`${one}/`));
    if (covered === undefined) return undefined;
    const own = ownEntries.get(covered);
    if (own === undefined || path !== covered) return { kind: 'missing' };
    if (own.header.type === 'symlink') return { kind: 'link', target: own.header.linkname ?? '' };
    return { kind: own.header.type === 'directory' ? 'directory' : 'other' };
  }
}

const NUL = Buffer.from([0]);
/** Enough for one write of the transport. */
const PIECE_BYTES = 64 * 1024;

function* nulSeparated(paths: readonly string[]): Generator<Uint8Array> {
  let piece: Buffer[] = [];
  let bytes = 0;
  for (const path of paths) {
    const name = Buffer.from(path, 'latin1');
    piece.push(name, NUL);
    bytes += name.length + 1;
    if (bytes >= PIECE_BYTES) {
      yield Buffer.concat(piece);
      piece = [];
      bytes = 0;
    }
  }
  if (piece.length > 0) yield Buffer.concat(piece);
}
