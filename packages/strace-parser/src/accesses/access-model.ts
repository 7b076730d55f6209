import { Directory, KERNEL_ROOT } from '../processes/directory.js';
import { type Descriptors, FileSystemView, type Process } from '../processes/process-state.js';
import { hasFlag, ProcessTable } from '../processes/process-table.js';
import { unescapeC } from '../text/c-escape.js';
import { Char } from '../text/char.js';
import { detach } from '../text/detach.js';
import { durationAtEnd } from '../text/duration.js';
import { TextMemo } from '../text/text-memo.js';
import { ArgumentPaths } from './argument-paths.js';
import { type AtFlags, NO_FLAGS, parseAtFlags } from './at-flags.js';
import type { CallSpec } from './call-table.js';
import { CallText, numberAt } from './call-text.js';
import { closeRange, duplicate, receive } from './descriptor-calls.js';
import { ExecutedProgram } from './executed-program.js';
import type { AccessAction, AskedPath, FileAccess, OpenMode } from './file-access.js';
import { actionOf, followOf, parseOpenMode } from './open-mode.js';

/** Where a process starts, for what the log does not show. */
export interface AccessOptions {
  /** Working directory of processes whose parent is not in the log; absolute, a byte string. Default `/`. */
  readonly cwd?: string;
  /** Their root directory: absolute names in the log are under it. Default: none, names are as they stand. */
  readonly root?: string;
}

/** An unknown outcome: the log ended, or the process died, inside the call. */
const UNKNOWN = '?';
const CREAT = parseOpenMode('O_WRONLY|O_CREAT|O_TRUNC');
/** Programs that make more of them are servers of file systems. */
const HANDLES_MAX = 10_000;

/**
 * What each call means for paths. It is fed whole calls in the order of the log, keeps what processes know
 * that a path depends on, and appends accesses to `out`.
 */
export class AccessModel {
  out: FileAccess[] = [];
  /** Accesses whose path cannot be told, because the log does not show what a descriptor is. */
  unresolved = 0;
  /** How many io_urings there were. What is opened through one is not in the log. */
  rings = 0;

  readonly processes: ProcessTable;
  // openat2 has its flags in a structure.
  readonly #modes = new TextMemo((text) =>
    parseOpenMode(text.startsWith('{') ? (/flags=([^,}]*)/.exec(text)?.[1] ?? '') : text),
  );
  readonly #flags = new TextMemo(parseAtFlags);
  readonly #errnos = new TextMemo((name) => name);

  /** Paths of files by their handles, as printed. */
  readonly #handles = new Map<string, AskedPath>();

  // The call at hand, and when it began and ended.
  #time: number | undefined;
  #endTime: number | undefined;
  private readonly args = new CallText();
  readonly #names: ArgumentPaths;
  private spec!: CallSpec;
  private line = 0;
  private errno: string | undefined;

  constructor(options: AccessOptions = {}) {
    const root = options.root ? new Directory(options.root) : KERNEL_ROOT;
    this.processes = new ProcessTable(new FileSystemView(new Directory(options.cwd ?? '/'), root));
    this.#names = new ArgumentPaths(this.args, this.processes);
  }

  /**
   * A whole call.
   *
   * @param pid         under which it ended
   * @param text        holds the arguments from `start`, and the result up to `end`
   * @param start       after the opening parenthesis
   * @param startedBy   under which it began
   * @param superseded  it has replaced the program, whatever its result says
   * @returns           false when the text breaks off before the result
   */
  call(
    spec: CallSpec,
    pid: number,
    line: number,
    text: string,
    start: number,
    end: number,
    startedBy = pid,
    superseded = false,
  ): boolean {
    if (!this.args.scan(text, start, end)) return false;
    if (startedBy !== pid) this.processes.supersede(pid, startedBy);
    const process = this.processes.of(pid);
    if (process.waiting === undefined) this.#apply(spec, process, line, superseded);
    else {
      const copy = detach(text.slice(start, end));
      const time = this.#time;
      const endTime = this.#endTime;
      this.processes.postpone(process, () => {
        this.at(time, endTime);
        this.call(spec, process.pid, line, copy, 0, copy.length);
      });
    }
    return true;
  }

  /** When the next call began, and when its second half was printed. */
  at(time: number | undefined, endTime?: number): void {
    this.#time = time;
    this.#endTime = endTime;
  }

  /** A call whose end the log does not have: its arguments, as far as they go. */
  lost(spec: CallSpec, pid: number, line: number, args: string): void {
    if (spec.kind === 'fork') this.processes.leaveFork(pid);
    else {
      const closed = `${args}) = ?`;
      this.call(spec, pid, line, closed, 0, closed.length);
    }
  }

  #readOutcome(): void {
    const { text, result, end } = this.args;
    const code = text.charCodeAt(result);
    this.errno = undefined;
    if (code === Char.Minus && result + 2 < end && text.charCodeAt(result + 2) === Char.Space) {
      const space = text.indexOf(' ', result + 3);
      const stop = space < 0 || space > end ? end : space;
      this.errno = this.#errnos.get(text.slice(result + 3, stop));
    } else if (code === Char.Question) {
      const name = /^\? (E[A-Z0-9_]+)/.exec(text.slice(result, Math.min(end, result + 40)))?.[1];
      this.errno = name ?? UNKNOWN;
    }
  }

  private get process(): Process {
    return this.#names.process;
  }

  get #succeeded(): boolean {
    return this.errno === undefined;
  }

  /** How long the call at hand took. */
  duration: number | undefined;

  /** Append an access. */
  record(
    path: AskedPath,
    realPath: string | undefined,
    action: AccessAction,
    follow: boolean,
    errno: string | undefined,
    spec: CallSpec,
    process: Process,
    line: number,
    mode: OpenMode | undefined,
    other?: AskedPath,
  ): void {
    const root = process.view.root.path;
    const access: FileAccess = {
      path,
      realPath,
      action,
      follow,
      errno,
      call: spec.name,
      pid: process.pid,
      line,
      program: process.program,
      root: root === '' ? undefined : root,
      mode,
      other,
    };
    // Most logs have no times, and their accesses no room for them.
    if (this.#time !== undefined || this.duration !== undefined) {
      const { duration } = this;
      this.out.push({ ...access, time: this.#time, endTime: this.#endTime, duration });
    } else this.out.push(access);
  }

  #apply(spec: CallSpec, process: Process, line: number, surelySucceeded: boolean): void {
    this.spec = spec;
    this.#names.process = process;
    this.line = line;
    // strace 6.8 prints an odd number in place of 0 when a thread's execve has replaced the program.
    if (surelySucceeded) this.errno = undefined;
    else this.#readOutcome();
    switch (spec.kind) {
      case 'path':
        this.#applyPath();
        break;
      case 'open':
        this.#applyOpen();
        break;
      case 'creat':
        this.#opened(this.#names.asked(0, true), CREAT, true);
        break;
      case 'handle':
        this.#opened(this.#ofHandle(1), this.#modeIn(this.spec.flags), true);
        break;
      case 'handleOf':
        this.#applyPath();
        this.#rememberHandle();
        break;
      case 'exec':
        this.#applyExec();
        break;
      case 'rename':
      case 'link':
        this.#applyTwoNames();
        break;
      case 'symlink':
        this.#applySymlink();
        break;
      case 'descriptor':
        this.#applyDescriptor();
        break;
      case 'chdir':
        this.#moved(this.#names.asked(0, true), true);
        break;
      case 'fchdir':
        this.#moved(this.#names.ownPath(0), false);
        break;
      case 'chroot':
        this.#applyChroot();
        break;
      case 'pivot':
        this.#applyPivot();
        break;
      case 'mount':
        this.#applyMount();
        break;
      case 'getcwd':
        this.#applyGetcwd();
        break;
      case 'fork':
        this.#applyFork();
        break;
      case 'unshare':
        this.#applyUnshare();
        break;
      case 'dup':
      case 'fcntl':
        if (this.#succeeded) duplicate(this.args, this.#names, spec.kind === 'fcntl');
        break;
      case 'close':
        if (this.#succeeded) this.process.files.delete(this.args.number(0));
        break;
      case 'closeRange':
        if (this.#succeeded) closeRange(this.args, process);
        break;
      case 'address':
        this.#applyAddress();
        break;
      case 'receive':
        if (this.#succeeded) receive(this.args, this.#names);
        break;
      case 'bpf':
        this.#applyBpf();
        break;
      case 'tree':
        this.#applyTree();
        break;
      case 'fsconfig':
        this.#applyFsconfig();
        break;
      case 'landlock':
        this.#applyLandlock();
        break;
      case 'ring':
        if (this.#succeeded) this.rings++;
        break;
    }
  }

  #emit(
    path: AskedPath | undefined,
    action: AccessAction,
    follow: boolean,
    realPath?: string,
    mode?: OpenMode,
    other?: AskedPath,
  ): void {
    if (path === undefined) {
      this.unresolved++;
      return;
    }
    const { errno, spec, process, line } = this;
    this.duration = durationAtEnd(this.args.text, this.args.end);
    this.record(path, realPath, action, follow, errno, spec, process, line, mode, other);
  }

  /** A pointer to nowhere (EFAULT) names no path; a path that strace did not decode is one we do not know. */
  #badPath(): void {
    if (this.#succeeded) this.unresolved++;
  }

  // ---- flags

  #flagsIn(index: number): AtFlags {
    return index < 0 || this.args.isZero(index) ? NO_FLAGS : this.#flags.get(this.args.argument(index));
  }

  #modeIn(index: number): OpenMode {
    return this.#modes.get(this.args.argument(index));
  }

  // ---- one method per kind of call

  #applyPath(): void {
    const { spec } = this;
    const flags = this.#flagsIn(spec.flags);
    this.#onePath(spec.path, flags);
    if (spec.second >= 0) this.#onePath(spec.second, flags);
  }

  #onePath(index: number, flags: AtFlags): void {
    const { at, action } = this.spec;
    const { args, process } = this;
    const isString = args.findQuoted(index);
    if (
      at &&
      (isString ? flags.emptyPath && args.foundEnd === args.foundStart : args.startsWith(index, 'NULL'))
    ) {
      this.#ownFile(index - 1, action);
    } else if (!isString) this.#badPath();
    else {
      const follow = flags.follow ?? this.spec.follow;
      this.#emit(
        at ? this.#names.askedAt(index, follow) : this.#names.askFound(process.view.cwd, follow),
        action,
        follow,
      );
    }
  }

  /** The file of a descriptor itself: AT_EMPTY_PATH, or no path at all. */
  #ownFile(index: number, action: AccessAction): AskedPath | undefined {
    const shown = this.args.findAnnotation(index);
    const path = shown ? this.#names.annotated(true) : this.#names.ownPath(index);
    if (path !== undefined) this.#emit(path, action, true, shown ? path : undefined);
    return path;
  }

  #applyDescriptor(): void {
    this.#ownFile(0, this.spec.action);
  }

  #applyOpen(): void {
    const { at, path } = this.spec;
    const mode = this.#modeIn(path + 1);
    const follow = followOf(mode);
    const isBelow = at && this.args.argument(2).includes('RESOLVE_IN_ROOT');
    this.#opened(!at ? this.#names.asked(0, follow) : this.#names.askedAt(1, follow, isBelow), mode, follow);
  }

  /** Which file a handle is, only the call that made it tells: strace 6.1 does not say what was opened by it. */
  #rememberHandle(): void {
    if (!this.#succeeded || this.#handles.size >= HANDLES_MAX) return;
    const path = this.#names.askedAt(1, this.#flagsIn(this.spec.flags).follow ?? this.spec.follow);
    if (path !== undefined && this.args.findField(2, 'f_handle'))
      this.#handles.set(detach(this.args.foundText()), path);
  }

  #ofHandle(index: number): AskedPath | undefined {
    return this.args.findField(index, 'f_handle') ? this.#handles.get(this.args.foundText()) : undefined;
  }

  #opened(path: AskedPath | undefined, mode: OpenMode, follow: boolean): void {
    const { args, process } = this;
    let realPath: AskedPath | undefined;
    if (this.#succeeded) {
      const shown = args.findResultAnnotation();
      realPath = this.#names.annotated(shown);
      const known = shown ? realPath : path;
      const descriptor = args.resultNumber();
      if (known === undefined) process.files.delete(descriptor);
      else process.open(descriptor, known, mode.closeOnExec);
    } else if (path === undefined) return;
    this.#emit(path ?? realPath, actionOf(mode), follow, realPath, mode);
  }

  #applyExec(): void {
    const { args, process } = this;
    const { at, path: index } = this.spec;
    const flags = this.#flagsIn(this.spec.flags);
    const follow = flags.follow ?? true;
    let path: AskedPath | undefined;
    if (at && flags.emptyPath && this.#names.isEmptyString(index)) path = this.#ownFile(0, 'execute');
    else if (!this.#names.isString(index)) this.#badPath();
    else {
      path = at ? this.#names.askedAt(index, follow) : this.#names.asked(index, follow);
      this.#emit(path, 'execute', follow);
    }
    if (!this.#succeeded) return;
    if (path !== undefined) {
      process.program = new ExecutedProgram(path, args.argument(index + 1));
      this.processes.genealogy.executed(process.pid, process.program);
    }
    process.view = process.view.copy();
    const kept: Descriptors = new Map();
    for (const [descriptor, file] of process.files) if (!file.closeOnExec) kept.set(descriptor, file);
    process.files = kept;
  }

  #applyTwoNames(): void {
    const { kind, at, action } = this.spec;
    const flags = this.#flagsIn(this.spec.flags);
    const follow = kind === 'link' && flags.follow === true;
    const ownFile = at && kind === 'link' && flags.emptyPath && this.#names.isEmptyString(1);
    const from = ownFile
      ? this.#names.ownPath(0)
      : at
        ? this.#names.askedAt(1, follow)
        : this.#names.asked(0, follow);
    const to = at ? this.#names.askedAt(3, false) : this.#names.asked(1, false);
    const exchange = kind === 'rename' && flags.exchange;
    if (!this.#succeeded && (from === undefined || to === undefined)) return;
    this.#emit(from, action, follow, undefined, undefined, to);
    this.#emit(to, exchange ? 'rename' : 'create', false, undefined, undefined, from);
    if (kind === 'link' || !this.#succeeded || from === undefined || to === undefined) return;
    this.processes.renamed(
      (path) => rebase(path, from, to) ?? (exchange ? rebase(path, to, from) : undefined),
    );
  }

  #applySymlink(): void {
    const index = this.spec.path;
    if (!this.#names.isString(index)) this.#badPath();
    else
      this.#emit(index === 2 ? this.#names.askedAt(2, false) : this.#names.asked(1, false), 'create', false);
  }

  #moved(path: AskedPath | undefined, named: boolean): void {
    if (path === undefined) {
      if (named) this.#badPath();
      return;
    }
    this.#emit(path, 'chdir', true);
    if (this.#succeeded) this.process.view.cwd = new Directory(path);
  }

  #applyChroot(): void {
    const path = this.spec.path < 0 ? this.#names.ownPath(0) : this.#names.asked(0, true);
    if (path === undefined) {
      this.#badPath();
      return;
    }
    this.#emit(path, 'chroot', true);
    if (this.#succeeded) this.process.view.root = new Directory(path);
  }

  #applyPivot(): void {
    const path = this.#names.asked(0, true);
    this.#emit(path, 'chroot', true);
    this.#emit(this.#names.asked(1, true), 'chroot', true);
    if (this.#succeeded && path !== undefined) this.processes.pivoted(this.process.view, new Directory(path));
  }

  #applyMount(): void {
    const source = this.#names.asked(0, true);
    if (this.args.findQuoted(0) && this.args.foundText().startsWith('/')) this.#emit(source, 'mount', true);
    if (!this.#names.isString(1)) this.#badPath();
    else this.#emit(this.#names.asked(1, true), 'mount', true);
  }

  /** Touches no path, but tells where the process is. */
  #applyGetcwd(): void {
    if (!this.#succeeded || !this.args.findQuoted(0)) return;
    const inside = unescapeC(detach(this.args.foundText()));
    const { view } = this.process;
    if (inside.startsWith('/')) view.cwd = new Directory(view.root.path + inside);
  }

  #applyFork(): void {
    const { args, process } = this;
    this.processes.leaveFork(process.pid);
    const child = args.resultNumber();
    if (this.#succeeded && child > 0) this.processes.born(child, process, args.all());
  }

  #applyUnshare(): void {
    if (!this.#succeeded) return;
    const flags = this.args.argument(0);
    const { process } = this;
    const newMounts = hasFlag(flags, 'CLONE_NEWNS', 0x20000);
    if (newMounts || hasFlag(flags, 'CLONE_NEWUSER', 0x10000000) || hasFlag(flags, 'CLONE_FS', 0x200))
      process.view = process.view.copy();
    if (newMounts) process.view.mounts = {};
    if (hasFlag(flags, 'CLONE_FILES', 0x400)) process.files = new Map(process.files);
  }

  /** A Unix socket's name; abstract names (`@"…"`) are no files. */
  #applyAddress(): void {
    const follow = this.spec.action === 'connect';
    for (let i = 1; i < this.args.count; i++) {
      if (!this.args.findField(i, 'sun_path')) continue;
      this.#emit(this.#names.askFound(this.process.view.cwd, follow), this.spec.action, follow);
    }
  }

  /** A copy of a mount, or a handle on a path. */
  #applyTree(): void {
    const flags = this.#flagsIn(2);
    const follow = flags.follow ?? true;
    const own = flags.emptyPath && this.#names.isEmptyString(1);
    const mode = parseOpenMode(this.args.argument(2).includes('CLOEXEC') ? 'O_PATH|O_CLOEXEC' : 'O_PATH');
    this.#opened(own ? this.#names.ownPath(0) : this.#names.askedAt(1, follow), mode, follow);
  }

  /** What a file system is made of: a device, a layer of an overlay. Of strings, those that mount(2) would be given. */
  #applyFsconfig(): void {
    const command = this.args.argument(1);
    if (/SET_FD|^0x5/.test(command)) this.#ownFile(4, 'mount');
    else if (/SET_PATH|^0x[34]/.test(command)) {
      if (!this.#names.isString(3)) this.#badPath();
      else if (this.#names.isEmptyString(3)) this.#ownFile(4, 'mount');
      else this.#emit(this.#names.askedAt(3, true, false, 4), 'mount', true);
    } else if (/SET_STRING|^0x1/.test(command) && this.args.startsWith(2, '"source"')) {
      if (this.args.startsWith(3, '"/')) this.#emit(this.#names.asked(3, true), 'mount', true);
    }
  }

  /** The file or directory that a rule is about. */
  #applyLandlock(): void {
    const rule = this.args.argument(2);
    const at = rule.indexOf('parent_fd=');
    if (at < 0) return;
    const start = at + 'parent_fd='.length;
    const shown = this.#names.annotated(this.args.findAfter(rule, start, rule.length));
    const path = shown ?? this.process.files.get(numberAt(rule, start))?.path;
    if (path !== undefined) this.#emit(path as AskedPath, 'access', true, shown);
  }

  #applyBpf(): void {
    if (!this.args.findField(1, 'pathname')) return;
    const pins = this.args.startsWith(0, 'BPF_OBJ_PIN');
    this.#emit(this.#names.askFound(this.process.view.cwd, !pins), pins ? 'create' : 'open', !pins);
  }
}

/** `path` after the file or directory `from` has become `to`; undefined if it is not concerned. */
function rebase(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}
