import type { EntryType, TreeEntry } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { TarEntry } from '../tar/read-tar.js';
import { Inodes, toFileTime } from './inodes.js';
import { LayerFault, quoted } from './layer-fault.js';
import { parseLayerName, toNames } from './layer-name.js';

/** What several names may share. */
interface Inode {
  /** From 1, in the order in which they came. */
  readonly number: number;
  readonly type: EntryType;
  mode: number;
  uid: number;
  gid: number;
  readonly sizeBytes: number;
  mtimeSeconds: number;
  readonly linkTarget: string;
  names: number;
}

/** A name in a folder. */
interface Node {
  inode: Inode;
  /** The last that named it. */
  layer: number;
  /** Of a folder. */
  readonly children: Map<string, Node> | undefined;
}

type Folder = Node & { readonly children: Map<string, Node> };

/** Of every link, whatever is said of it. */
const LINK_MODE = 0o777;
const ID_MAX = 2 ** 32 - 2;
/** An overlay shows nothing at a device of this number: it is its own mark for what is gone. */
const WHITEOUT_DEVICE = 0;

/**
 * The layers of an image, one upon the other, as an overlay shows them: what is above hides what is below, a folder
 * above one below has what both have, and a whiteout hides what is below and not what its own layer has.
 *
 * @see OCI image specification, "Image Layer Filesystem Changeset"
 * @see Linux, Documentation/filesystems/overlayfs.rst
 */
export class Overlay {
  /** What a tree does not hold of them. */
  readonly inodes = new Inodes();
  readonly #root: Folder;
  #layer = -1;

  constructor() {
    this.#root = { inode: this.#impliedFolder(), layer: -1, children: new Map() };
  }

  /** What follows is of the next layer. */
  beginLayer(): void {
    this.#layer++;
  }

  /** @throws LayerFault  what no layer may hold, or what engines do not agree on */
  apply(entry: TarEntry): void {
    const name = parseLayerName(entry.name);
    if (name.kind === 'mark') return;
    if (name.kind === 'opaque') {
      const folder = this.#find(name.names);
      if (folder?.children !== undefined) this.#hideBelow(folder as Folder);
    } else if (name.kind === 'whiteout' || isWhiteout(entry)) this.#hide(name.names);
    else this.#add(name.names, entry);
  }

  /** All that is to be seen, folders before what they hold. */
  *entries(): Generator<TreeEntry> {
    yield toTreeEntry('/', this.#root.inode);
    yield* entriesBelow('', this.#root);
  }

  #add(names: readonly string[], entry: TarEntry): void {
    const name = names.at(-1);
    if (name === undefined) {
      if (entry.type !== 'directory') throw new LayerFault('the root is no folder');
      this.#root.inode = this.#newInode(entry, 'directory');
      return;
    }
    const folder = this.#folderFor(names);
    const before = folder.children.get(name);
    if (entry.type === 'directory') {
      const inode = this.#newInode(entry, 'directory');
      if (before?.children !== undefined) Object.assign(before, { inode, layer: this.#layer });
      else this.#put(folder, name, inode, new Map());
    } else if (entry.type === 'hard-link') {
      const inode = this.#linked(entry);
      // A name that is linked to itself stays what it is.
      if (before?.inode !== inode) this.#put(folder, name, inode);
    } else this.#put(folder, name, this.#newInode(entry, entry.type));
  }

  #put(folder: Folder, name: string, inode: Inode, children?: Map<string, Node>): void {
    const before = folder.children.get(name);
    // Of one layer, the file system takes the name away; of one below, it is only hidden, and still counts.
    if (before?.layer === this.#layer && before.children === undefined) before.inode.names--;
    inode.names++;
    folder.children.set(name, { inode, layer: this.#layer, children });
  }

  /** The inode of a hard link's target; as an overlay does, a file of a layer below is first made one of this layer. */
  #linked(entry: TarEntry): Inode {
    const target = this.#find(toNames(entry.linkName));
    const said = `the hard link ${quoted(entry.name)} to ${quoted(entry.linkName)}`;
    if (target === undefined) throw new LayerFault(`${said}, which is not there`);
    if (target.children !== undefined) throw new LayerFault(`${said}, which is a folder`);
    if (target.layer !== this.#layer) {
      const number = this.inodes.copy(target.inode.number);
      target.inode = { ...target.inode, number, names: 1 };
      target.layer = this.#layer;
    }
    // What is linked is one thing: what is said of it last is true of all its names.
    Object.assign(target.inode, statOf(entry, target.inode.type));
    this.inodes.change(target.inode.number, entry);
    return target.inode;
  }

  /** The folder that holds an entry; made where no layer has it, as it is made on unpacking. */
  #folderFor(names: readonly string[]): Folder {
    let folder = this.#root;
    for (const [index, name] of names.slice(0, -1).entries()) {
      let child = folder.children.get(name);
      if (child === undefined) {
        child = { inode: this.#impliedFolder(), layer: this.#layer, children: new Map() };
        folder.children.set(name, child);
      }
      if (child.children === undefined) throw throughFile(names, index, child);
      folder = child as Folder;
    }
    return folder;
  }

  #find(names: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const [index, name] of names.entries()) {
      if (node?.inode.type === 'symlink') throw throughFile(names, index - 1, node);
      node = node?.children?.get(name);
    }
    return node;
  }

  #hide(names: readonly string[]): void {
    const node = this.#find(names);
    const name = names.at(-1);
    if (node === undefined || name === undefined) return;
    if (node.children !== undefined) this.#hideBelow(node as Folder);
    const folder = this.#find(names.slice(0, -1));
    if (node.layer !== this.#layer && !node.children?.size) folder?.children?.delete(name);
  }

  /** What layers below have in a folder; what this one has there stays, with the folders on its way. */
  #hideBelow(folder: Folder): void {
    for (const [name, node] of folder.children) {
      if (node.children !== undefined) this.#hideBelow(node as Folder);
      if (node.layer !== this.#layer && !node.children?.size) folder.children.delete(name);
    }
  }

  #newInode(entry: TarEntry, type: EntryType): Inode {
    const number = this.inodes.add({ layer: this.#layer, position: entry.position }, entry);
    const { sizeBytes, linkName } = entry;
    const isLink = type === 'symlink';
    if (isLink && !/^[^\0]{1,4095}$/s.test(linkName))
      throw new LayerFault(`the link ${quoted(entry.name)} leads to ${quoted(linkName)}, which is no path`);
    return {
      number,
      type,
      ...statOf(entry, type),
      sizeBytes: isLink ? linkName.length : sizeBytes,
      linkTarget: linkName,
      names: 0,
    };
  }

  #impliedFolder(): Inode {
    return { ...IMPLIED_FOLDER, number: this.inodes.addFolder() };
  }
}

const IMPLIED_FOLDER = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 0,
  mtimeSeconds: 0,
  linkTarget: '',
  names: 0,
} as const;

function isWhiteout({ type, device: [major, minor] }: TarEntry): boolean {
  return type === 'character-device' && major === WHITEOUT_DEVICE && minor === WHITEOUT_DEVICE;
}

function statOf({ name, mode, uid, gid, ...entry }: TarEntry, type: EntryType) {
  if (uid > ID_MAX || gid > ID_MAX) throw new LayerFault(`the owner of ${quoted(name)} is no number of one`);
  const { mtimeSeconds } = toFileTime(entry);
  return { mode: type === 'symlink' ? LINK_MODE : mode, uid, gid, mtimeSeconds };
}

function throughFile(names: readonly string[], index: number, { inode: { type } }: Node): LayerFault {
  const [whole, part] = [names.join('/'), names.slice(0, index + 1).join('/')].map(quoted);
  const what = type === 'symlink' ? 'a link' : 'no folder';
  return new LayerFault(`the name ${whole} leads through ${part}, which is ${what}`);
}

function* entriesBelow(path: string, { children }: Node): Generator<TreeEntry> {
  for (const [name, node] of children ?? []) {
    yield toTreeEntry(`${path}/${name}`, node.inode);
    if (node.children !== undefined) yield* entriesBelow(`${path}/${name}`, node);
  }
}

function toTreeEntry(path: string, inode: Inode): TreeEntry {
  const { type, mode, uid, gid, sizeBytes, mtimeSeconds, linkTarget, number, names } = inode;
  return {
    // By the folders that it is in: no link or `..` is in it.
    path: path as RealPath,
    type,
    mode,
    uid,
    gid,
    sizeBytes,
    mtimeSeconds,
    inode: `${DEVICE}:${number}`,
    linkCount: Math.max(1, names),
    ...(type === 'symlink' && { linkTarget }),
  };
}

/** Of no file system. */
const DEVICE = 0;
