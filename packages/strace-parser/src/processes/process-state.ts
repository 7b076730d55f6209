import type { Program } from '../accesses/file-access.js';
import type { Directory } from './directory.js';

/** Working directory and root: shared between processes by CLONE_FS, so an object of its own. */
export class FileSystemView {
  constructor(
    public cwd: Directory,
    /** Names that begin with a slash are under this one. */
    public root: Directory,
    /** Stands for the mount namespace: what pivot_root changes, it changes for all who are in it. */
    public mounts: object = {},
  ) {}

  copy(): FileSystemView {
    return new FileSystemView(this.cwd, this.root, this.mounts);
  }
}

/** An open descriptor whose path is known. */
interface OpenFile {
  readonly path: string;
  readonly closeOnExec: boolean;
}

/** Descriptor table: shared by CLONE_FILES. */
export type Descriptors = Map<number, OpenFile>;

/** One thread. The threads of a process share `view` and `files`. */
export class Process {
  program: Program | undefined = undefined;
  /** The thread whose clone made this one, while that clone has not returned. */
  unconfirmedParent: number | undefined = undefined;
  /** Calls that wait until it is known who the parent is. */
  waiting: Array<() => void> | undefined = undefined;

  constructor(
    readonly pid: number,
    public view: FileSystemView,
    public files: Descriptors,
  ) {}

  open(descriptor: number, path: string, closeOnExec: boolean): void {
    const before = this.files.get(descriptor);
    if (before?.path === path && before.closeOnExec === closeOnExec) return;
    this.files.set(descriptor, { path, closeOnExec });
  }
}
