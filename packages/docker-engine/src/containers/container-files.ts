import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Session } from '../connection/session.js';
import { isNotFound } from '../engine-error.js';
import { type ArchiveEntry, packArchive, readArchiveEntries } from './archive-entries.js';
import type { Container, PathStat } from './container.js';

/** Copying into and out of a container. */
export function containerFiles(
  container: Docker.Container,
  { guard, untilAborted }: Session,
): Pick<Container, 'putFiles' | 'putArchive' | 'getFiles' | 'getArchive' | 'statPath' | 'changes'> {
  const getArchive = async (path: string): Promise<Readable | undefined> => {
    try {
      const stream = (await guard(`cannot copy ${path} from the container`, () =>
        container.getArchive({ path }),
      )) as Readable;
      untilAborted(stream);
      return stream;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const putArchive = async (folder: string, tar: Readable) => {
    await guard('cannot copy files into the container', () => container.putArchive(tar, { path: folder }));
  };
  return {
    async putFiles(folder, files) {
      await putArchive(folder, Readable.from([await packArchive(files)], { objectMode: false }));
    },

    putArchive: (folder, tar) => putArchive(folder, Readable.from(tar, { objectMode: false })),

    getArchive,

    async getFiles(path) {
      const stream = await getArchive(path);
      return stream && withName(path, readArchiveEntries(stream));
    },

    async statPath(path) {
      try {
        const answer = await guard(`cannot look at ${path} in the container`, () =>
          container.infoArchive({ path }),
        );
        return toPathStat(answer as unknown as IncomingMessage);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async changes() {
      const kinds = ['modified', 'added', 'deleted'] as const;
      const list = (await guard('cannot list the changes of the container', () =>
        container.changes(),
      )) as unknown;
      // The engine says `null` where nothing changed, and dockerode makes an empty object of it.
      const changes = Array.isArray(list) ? (list as { Path: string; Kind: 0 | 1 | 2 }[]) : [];
      return changes.map(({ Path, Kind }) => ({ path: Path, kind: kinds[Kind] }));
    },
  };
}

/** Podman calls the root of a volume `/`, and what is in it `/file`; of any other folder the archive has the name. */
async function* withName(path: string, entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<ArchiveEntry> {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const named = (name: string) => (name.startsWith('/') ? `${base}${name}` : name);
  for await (const { header, content } of entries) {
    const { type, name, linkname } = header;
    const target = type === 'link' && linkname ? { linkname: named(linkname) } : {};
    yield { header: { ...header, name: named(name), ...target }, content };
  }
}

// Bits of Go's FileMode, which is not the kernel's. @see https://pkg.go.dev/io/fs#FileMode
const GO_MODE_DIRECTORY = 2 ** 31;
const GO_MODE_SYMLINK = 2 ** 27;

/** @see Docker Engine API, "Get information about files in a container": a header holds base64 of JSON */
function toPathStat(answer: IncomingMessage): PathStat {
  answer.resume();
  const header = String(answer.headers['x-docker-container-path-stat'] ?? '');
  const { mode, mtime } = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
    mode: number;
    mtime: string;
  };
  const has = (bit: number) => Math.floor(mode / bit) % 2 === 1;
  return {
    isDirectory: has(GO_MODE_DIRECTORY),
    isSymlink: has(GO_MODE_SYMLINK),
    permissions: mode % 0o1000,
    mtime: new Date(mtime),
  };
}
