import type { ReportEntry, ReportPackage } from '../report-data.js';
import { FILE_KINDS, fileKind } from './file-kind.js';

/** One area of the map: a folder, a file, or a package. */
export interface MapNode {
  /** What stands on it. */
  readonly label: string;
  /** Of a folder or file. */
  readonly path?: string;
  readonly sizeBytes: number;
  readonly keptBytes: number;
  /** The same by kind, in the order of FILE_KINDS. */
  readonly keptByKind: readonly number[];
  /** Regular files in it. */
  readonly files: number;
  /** What is in it, the largest first; none in a file. */
  children(): readonly MapNode[];
}

const NO_NODES: readonly MapNode[] = [];
const NOTHING_KEPT: readonly number[] = FILE_KINDS.map(() => 0);

/** By folder, from the root. */
export function treeByFolder(entries: readonly ReportEntry[], label = '/'): MapNode {
  const root = new Folder(label, '/');
  for (const entry of entries) if (entry.type === 'file') root.add(entry);
  return root;
}

/** By ecosystem, then by package, then by folder; a file of several packages is in the first of them. */
export function treeByPackage(
  entries: readonly ReportEntry[],
  packages: readonly Pick<ReportPackage, 'ecosystem' | 'name' | 'version'>[],
): MapNode {
  const files = new Map<number | undefined, ReportEntry[]>();
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const [owner] = entry.owners;
    const known = files.get(owner);
    if (known === undefined) files.set(owner, [entry]);
    else known.push(entry);
  }
  const ecosystems = new Map<string, MapNode[]>();
  const unowned: MapNode[] = [];
  for (const [owner, own] of files) {
    const found = owner === undefined ? undefined : packages[owner];
    if (found === undefined) {
      unowned.push(treeByFolder(own, 'of no package'));
      continue;
    }
    const nodes = ecosystems.get(found.ecosystem) ?? [];
    ecosystems.set(found.ecosystem, nodes);
    nodes.push(treeByFolder(own, `${found.name} ${found.version}`));
  }
  const groups = [...ecosystems].map(([ecosystem, nodes]) => groupOf(ecosystem, nodes));
  return groupOf('packages', [...groups, ...unowned]);
}

/** Nodes under one label. */
export function groupOf(label: string, nodes: readonly MapNode[]): MapNode {
  const sorted = [...nodes].sort(bySize);
  const sum = (of: (node: MapNode) => number) => nodes.reduce((all, node) => all + of(node), 0);
  return {
    label,
    sizeBytes: sum((node) => node.sizeBytes),
    keptBytes: sum((node) => node.keptBytes),
    keptByKind: FILE_KINDS.map((_, place) => sum((node) => node.keptByKind[place] ?? 0)),
    files: sum((node) => node.files),
    children: () => sorted,
  };
}

class Folder implements MapNode {
  readonly label: string;
  readonly path: string;
  sizeBytes = 0;
  keptBytes = 0;
  readonly keptByKind = FILE_KINDS.map(() => 0);
  files = 0;
  readonly #folders = new Map<string, Folder>();
  readonly #own: MapNode[] = [];
  #sorted: readonly MapNode[] | undefined;

  constructor(label: string, path: string) {
    this.label = label;
    this.path = path;
  }

  add(entry: ReportEntry): void {
    const names = entry.path.slice(1).split('/');
    const leaf = leafOf(entry, names.at(-1) ?? '');
    let folder: Folder = this;
    folder.#count(leaf);
    for (const name of names.slice(0, -1)) {
      folder = folder.#folder(name);
      folder.#count(leaf);
    }
    folder.#own.push(leaf);
  }

  #count({ sizeBytes, keptBytes, keptByKind }: MapNode): void {
    this.sizeBytes += sizeBytes;
    this.keptBytes += keptBytes;
    if (keptBytes > 0)
      for (const [place, bytes] of keptByKind.entries())
        this.keptByKind[place] = (this.keptByKind[place] ?? 0) + bytes;
    this.files++;
  }

  #folder(name: string): Folder {
    let folder = this.#folders.get(name);
    if (folder === undefined) {
      folder = new Folder(name, `${this.path === '/' ? '' : this.path}/${name}`);
      this.#folders.set(name, folder);
    }
    return folder;
  }

  children(): readonly MapNode[] {
    this.#sorted ??= [...this.#folders.values(), ...this.#own].sort(bySize);
    return this.#sorted;
  }
}

function leafOf({ path, sizeBytes, state }: ReportEntry, label: string): MapNode {
  const keptBytes = state === 'kept' ? sizeBytes : 0;
  const kind = fileKind(path);
  return {
    label,
    path,
    sizeBytes,
    keptBytes,
    keptByKind: keptBytes === 0 ? NOTHING_KEPT : FILE_KINDS.map((each) => (each === kind ? keptBytes : 0)),
    files: 1,
    children: () => NO_NODES,
  };
}

function bySize(one: MapNode, other: MapNode): number {
  return other.sizeBytes - one.sizeBytes || (one.label < other.label ? -1 : 1);
}
