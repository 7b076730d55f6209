import { Directory } from './directory.js';
import { type FileSystemView, Process } from './process-state.js';
import { Genealogy } from './traced-process.js';

const MOST_WAITING = 10_000;
/** Of more threads inside a clone at a time it is not asked who the parent is: that would take long for each child. */
const MOST_PARENTS = 100;

/** The threads of a log: who inherits what from whom, also when a child speaks before its parent's clone returns. */
export class ProcessTable {
  readonly #processes = new Map<number, Process>();
  /** Threads inside a clone, fork or vfork, and the text of its arguments so far. */
  readonly #forking = new Map<number, string>();
  /** Children that ended before their parent's clone returned. */
  readonly #endedUnborn = new Set<number>();
  #last: Process | undefined;
  readonly genealogy = new Genealogy();

  readonly #initial: FileSystemView;

  constructor(initial: FileSystemView) {
    this.#initial = initial;
  }

  of(pid: number): Process {
    if (this.#last?.pid === pid) return this.#last;
    const process = this.#processes.get(pid) ?? this.#newcomer(pid);
    this.#last = process;
    return process;
  }

  find(pid: number): Process | undefined {
    return this.#processes.get(pid);
  }

  enterFork(pid: number, args: string): void {
    this.of(pid);
    this.#forking.set(pid, args);
  }

  leaveFork(pid: number): void {
    this.#forking.delete(pid);
  }

  /** A clone has returned: `child` is `parent`'s. */
  born(child: number, parent: Process, args: string): void {
    this.genealogy.born(child, parent.pid, hasFlag(args, 'CLONE_THREAD', 0x10000));
    if (this.#endedUnborn.delete(child)) return;
    const known = this.#processes.get(child);
    if (known?.unconfirmedParent === undefined) {
      this.#put(inherit(child, parent, args));
      return;
    }
    if (known.unconfirmedParent !== parent.pid) {
      const right = inherit(child, parent, args);
      known.view = right.view;
      known.files = right.files;
      known.program ??= right.program;
    }
    known.unconfirmedParent = undefined;
    settle(known);
  }

  /** A thread's execve has succeeded, and the thread now has the pid of its leader. */
  supersede(leader: number, thread: number): void {
    const from = this.#processes.get(thread);
    if (from === undefined || leader === thread) return;
    const args = this.#forking.get(thread);
    this.#forking.delete(thread);
    if (args !== undefined) this.#forking.set(leader, args);
    const process = new Process(leader, from.view, from.files);
    process.program = from.program;
    this.#processes.delete(thread);
    this.#put(process);
  }

  ended(pid: number): void {
    const process = this.#processes.get(pid);
    if (process === undefined || process.waiting !== undefined) return;
    if (process.unconfirmedParent !== undefined) this.#endedUnborn.add(pid);
    this.#forking.delete(pid);
    this.#processes.delete(pid);
    this.#last = undefined;
  }

  /** Remember a call until it is known whose child this process is. */
  postpone(process: Process, call: () => void): void {
    process.waiting?.push(call);
    if ((process.waiting?.length ?? 0) > MOST_WAITING) settle(process);
  }

  settleAll(): void {
    for (const process of this.#processes.values()) settle(process);
  }

  /** Descriptors and working directories stay with their file when it, or a directory above it, is renamed. */
  renamed(place: (path: string) => string | undefined): void {
    const seen = new Set<unknown>();
    for (const { view, files } of this.#processes.values()) {
      const cwd = seen.has(view) ? undefined : place(view.cwd.path);
      if (cwd !== undefined) view.cwd = new Directory(cwd);
      if (!seen.has(files)) {
        for (const [descriptor, file] of files) {
          const path = place(file.path);
          if (path !== undefined) files.set(descriptor, { path, closeOnExec: file.closeOnExec });
        }
      }
      seen.add(view).add(files);
    }
  }

  /** pivot_root(2): who has the old root as root or working directory, in the same mount namespace, has the new one. */
  pivoted({ mounts, root }: FileSystemView, to: Directory): void {
    for (const { view } of this.#processes.values()) {
      if (view.mounts !== mounts) continue;
      if (view.cwd.path === root.path) view.cwd = to;
      if (view.root.path === root.path) view.root = to;
    }
  }

  #put(process: Process): void {
    this.#processes.set(process.pid, process);
    this.#last = undefined;
  }

  /** A thread that no call has announced: the child of one that is inside a clone, or from before the log. */
  #newcomer(pid: number): Process {
    const parents: Process[] = [];
    for (const parent of this.#forking.keys()) {
      const process = this.#processes.get(parent);
      if (process !== undefined && parents.push(process) === MOST_PARENTS) break;
    }
    const [first] = parents;
    let process: Process;
    if (first === undefined) process = new Process(pid, this.#initial.copy(), new Map());
    else {
      process = inherit(pid, first, this.#forking.get(first.pid) ?? '');
      process.unconfirmedParent = first.pid;
      const { view } = first;
      const alike = parents.every(
        (other) => other.view.cwd.path === view.cwd.path && other.view.root.path === view.root.path,
      );
      if (!alike) process.waiting = [];
    }
    this.#put(process);
    return process;
  }
}

function settle(process: Process): void {
  const calls = process.waiting ?? [];
  process.waiting = undefined;
  for (const call of calls) call();
}

function inherit(pid: number, parent: Process, args: string): Process {
  const view = hasFlag(args, 'CLONE_FS', 0x200) ? parent.view : parent.view.copy();
  if (hasFlag(args, 'CLONE_NEWNS', 0x20000)) view.mounts = {};
  const sharesFiles = hasFlag(args, 'CLONE_FILES', 0x400);
  const child = new Process(pid, view, sharesFiles ? parent.files : new Map(parent.files));
  child.program = parent.program;
  return child;
}

/** Whether the flags of a clone or unshare have this one, also under -X raw: `flags=0x1200000|17`. */
export function hasFlag(args: string, name: string, bit: number): boolean {
  if (args.includes(name)) return true;
  const raw = /(?:^|\bflags=)(0x[0-9a-f]+)/.exec(args)?.[1];
  return raw !== undefined && (Number(raw) & bit) !== 0;
}
