import { checkTree, type TreeEntry, toTree } from '@keepset/image-tree';
import type { AccessAction, AskedPath, FileAccess } from '@keepset/strace-parser';
import type { RealPath } from '@keepset/symlink-resolver';
import type { SourceImage } from './image/source-image.js';

/** `dir`, `-> target`, or the content of a file; an object for more than that. */
export type TestEntry = string | (Partial<TreeEntry> & { readonly content?: string | Uint8Array });

export interface TestSource extends SourceImage {
  /** How often each port was asked. */
  readonly asked: { links: number; heads: number };
}

/** A source image in memory; missing parents are made. */
export function testSource(files: Readonly<Record<string, TestEntry>>): TestSource {
  const entries = new Map<string, TreeEntry>();
  const contents = new Map<string, Uint8Array>();
  let inode = 0;
  const add = (path: string, fields: Partial<TreeEntry>) => {
    const base = { type: 'directory', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeSeconds: 0 } as const;
    const entry = { ...base, inode: `1:${++inode}`, linkCount: 1, ...fields, path: path as RealPath };
    entries.set(path, entry);
  };
  const addParents = (path: string) => {
    for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) {
      if (!entries.has(path.slice(0, at))) add(path.slice(0, at), {});
    }
  };
  add('/', {});
  for (const [path, entry] of Object.entries(files)) {
    addParents(path);
    if (entry === 'dir') add(path, {});
    else if (typeof entry === 'string' && entry.startsWith('-> ')) {
      add(path, { type: 'symlink', mode: 0o777, linkTarget: entry.slice(3) });
    } else {
      const { content = '', ...fields } = typeof entry === 'string' ? { content: entry } : entry;
      const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
      add(path, { type: 'file', sizeBytes: bytes.length, ...fields });
      contents.set(path, bytes);
    }
  }
  const tree = toTree(entries.values());
  const problems = checkTree(tree.entries());
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const asked = { links: 0, heads: 0 };
  return {
    tree,
    asked,
    readLinks(paths) {
      asked.links++;
      return tree.readLinks(paths);
    },
    async readHeads(paths, maxBytes) {
      asked.heads++;
      return paths.map((path) => contents.get(path)?.subarray(0, maxBytes));
    },
  };
}

const CALLS: Partial<Record<AccessAction, string>> = {
  execute: 'execve',
  open: 'openat',
  list: 'getdents64',
};

/** An access as the parser gives it; `!path` does not follow a link in the last component. */
export function access(action: AccessAction, path: string, fields: Partial<FileAccess> = {}): FileAccess {
  return {
    path: path.replace(/^!/, '') as AskedPath,
    action,
    follow: !path.startsWith('!'),
    call: CALLS[action] ?? action,
    pid: 1,
    line: 1,
    ...fields,
  };
}

export interface ElfShape {
  readonly bits?: number;
  readonly littleEndian?: boolean;
  /** Where the program headers lie, and where the loader's name. */
  readonly tableAt?: number;
  readonly loaderAt?: number;
}

/** An ELF program of two segments, the second of which names its loader. */
export function elfProgram(loader: string | undefined, shape: ElfShape = {}): Uint8Array {
  const { bits = 64, littleEndian = true, tableAt = 64 } = shape;
  const loaderAt = shape.loaderAt ?? tableAt + 112;
  const is64 = bits === 64;
  const bytes = new Uint8Array(Math.max(tableAt + 112, loaderAt + (loader ?? '').length + 1));
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2]);
  const word = (offset: number, value: number) =>
    is64
      ? view.setBigUint64(offset, BigInt(value), littleEndian)
      : view.setUint32(offset, value, littleEndian);
  const rowBytes = is64 ? 56 : 32;
  word(is64 ? 32 : 28, tableAt);
  view.setUint16(is64 ? 54 : 42, rowBytes, littleEndian);
  view.setUint16(is64 ? 56 : 44, 2, littleEndian);
  // The first segment is PT_PHDR, as in most programs.
  view.setUint32(tableAt, 6, littleEndian);
  if (loader !== undefined) {
    const row = tableAt + rowBytes;
    view.setUint32(row, 3, littleEndian);
    word(row + (is64 ? 8 : 4), loaderAt);
    word(row + (is64 ? 32 : 16), loader.length + 1);
    bytes.set(Buffer.from(loader, 'latin1'), loaderAt);
  }
  return bytes;
}
