import { type AtFlags, NO_FLAGS, parseAtFlags } from './at-flags.js';
import { unescapeC } from './c-escape.js';
import type { CallSpec } from './call-table.js';
import { CallText, numberAt } from './call-text.js';
import { Char } from './char.js';
import { detach } from './detach.js';
import { ExecutedProgram } from './executed-program.js';
import type { AccessAction, AskedPath, FileAccess, OpenMode } from './file-access.js';
import { parseOpenMode } from './open-mode.js';
import { Directory, type KnownPath, PathCache } from './path-cache.js';
import { PlainCall } from './plain-call.js';
import { throughProc } from './proc-path.js';
import { type Descriptors, FileSystemView, type Process } from './process-state.js';
import { hasFlag, ProcessTable } from './process-table.js';
import { skipArgument } from './scan.js';
import { TextMemo } from './text-memo.js';

/** Where a process starts, for what the log does not show. */
export interface AccessOptions {
  /** Working directory of processes whose parent is not in the log; absolute, a byte string. Default `/`. */
  readonly cwd?: string;
  /** Their root directory: absolute names in the log are under it. Default: none, names are as they stand. */
  readonly root?: string;
}

/** The first half of a call: `text` holds its arguments from `nameEnd + 1` to `bodyEnd`. */
export interface CallHalf {
  readonly pid: number;
  readonly line: number;
  readonly text: string;
  readonly nameEnd: number;
  readonly bodyEnd: number;
  readonly superseded: boolean;
}

/** An unknown outcome: the log ended, or the process died, inside the call. */
const UNKNOWN = '?';
const CREAT = parseOpenMode('O_WRONLY|O_CREAT|O_TRUNC');
/** The flags of an open are not in their usual spelling. */
const ODD_MODE = parseOpenMode('');
const ODD_FLAGS = parseAtFlags('');
/** Programs that make more of them are servers of file systems. */
const HANDLES_MAX = 10_000;
const UPPER_A = 65;
const LOWER_M = 109;
const LOWER_P = 112;
/** What the kernel shows is not below the process's root. A base of its own, so that the two are not confused. */
const KERNEL_ROOT = new Directory('');

/**
 * What each call means for paths. It is fed whole calls in the order of the log, keeps what processes know
 * that a path depends on, and appends accesses to `out`.
 */
export class AccessModel {
  out: FileAccess[] = [];
  /** Accesses whose path cannot be told, because the log does not show what a descriptor is. */
  unresolved = 0;

  readonly processes: ProcessTable;
  private readonly paths = new PathCache();
  // openat2 has its flags in a structure.
  private readonly modes = new TextMemo((text) =>
    parseOpenMode(text.startsWith('{') ? (/flags=([^,}]*)/.exec(text)?.[1] ?? '') : text),
  );
  private readonly plainModes = new TextMemo((text) =>
    /^[A-Z_|]+(?:, \d+)?$/.test(text) ? parseOpenMode(text) : ODD_MODE,
  );
  private readonly flags = new TextMemo(parseAtFlags);
  private readonly plainFlags = new TextMemo((text) =>
    /^[A-Z0-9_|x]+$/.test(text) ? parseAtFlags(text) : ODD_FLAGS,
  );
  private readonly errnos = new TextMemo((name) => name);

  /** Paths of files by their handles, as printed. */
  private readonly handles = new Map<string, AskedPath>();

  // The call at hand.
  private readonly args = new CallText();
  private readonly plain = new PlainCall();
  private spec!: CallSpec;
  private process!: Process;
  private line = 0;
  private errno: string | undefined;

  /** @param shortcuts  false: read every call in full, also the plain ones; gives the same */
  constructor(
    options: AccessOptions = {},
    private readonly shortcuts = true,
  ) {
    const root =
      options.root === undefined || options.root === '' ? KERNEL_ROOT : new Directory(options.root);
    this.processes = new ProcessTable(new FileSystemView(new Directory(options.cwd ?? '/'), root));
  }

  /**
   * A call on one line.
   *
   * @param text   holds the arguments from `start`, and the result up to `end`
   * @param start  after the opening parenthesis
   * @returns      false when the text breaks off before the result
   */
  call(spec: CallSpec, pid: number, line: number, text: string, start: number, end: number): boolean {
    if (
      this.shortcuts &&
      spec.rest !== undefined &&
      this.plain.read(spec, text, start, end, text, -1, end) &&
      this.applyPlain(spec, pid, line, text, text, end)
    ) {
      return true;
    }
    if (!this.args.scan(text, start, end)) return false;
    const process = this.processes.of(pid);
    if (process.waiting === undefined) this.apply(spec, process, line);
    else this.postpone(spec, process, line, text.slice(start, end));
    return true;
  }

  /**
   * A call in two halves.
   *
   * @param pid  under which it ended
   */
  joined(spec: CallSpec, pid: number, head: CallHalf, tail: string, tailStart: number, end: number): boolean {
    if (
      this.shortcuts &&
      spec.rest !== undefined &&
      !head.superseded &&
      this.plain.read(spec, head.text, head.nameEnd + 1, head.bodyEnd, tail, tailStart, end) &&
      this.applyPlain(spec, pid, head.line, head.text, tail, end)
    ) {
      return true;
    }
    if (!this.args.scanHalves(head.text, head.nameEnd + 1, head.bodyEnd, tail, tailStart, end)) return false;
    if (head.pid !== pid) this.processes.supersede(pid, head.pid);
    const process = this.processes.of(pid);
    if (process.waiting === undefined) this.apply(spec, process, head.line, head.superseded);
    else
      this.postpone(
        spec,
        process,
        head.line,
        head.text.slice(head.nameEnd + 1, head.bodyEnd) + tail.slice(tailStart, end),
      );
    return true;
  }

  /** A call whose end the log does not have. */
  lost(spec: CallSpec, pid: number, head: CallHalf): void {
    if (spec.kind === 'fork') this.processes.leaveFork(pid);
    else {
      const closed = `${head.text.slice(head.nameEnd + 1, head.bodyEnd)}) = ?`;
      this.call(spec, pid, head.line, closed, 0, closed.length);
    }
  }

  /** Forget the text of the last calls. */
  release(): void {
    this.args.release();
  }

  private postpone(spec: CallSpec, process: Process, line: number, text: string): void {
    const copy = detach(text);
    this.processes.postpone(process, () => this.call(spec, process.pid, line, copy, 0, copy.length));
  }

  private readOutcome(): void {
    const { text, result, end } = this.args;
    const code = text.charCodeAt(result);
    this.errno = undefined;
    if (code >= Char.Zero && code <= Char.Nine) return;
    if (code === Char.Minus && text.charCodeAt(result + 2) === Char.Space) {
      const space = text.indexOf(' ', result + 3);
      const stop = space < 0 || space > end ? end : space;
      this.errno = this.errnos.get(text.slice(result + 3, stop));
    } else if (code === Char.Question) {
      const name = /^\? (E[A-Z0-9_]+)/.exec(text.slice(result, Math.min(end, result + 40)))?.[1];
      this.errno = name ?? UNKNOWN;
    }
  }

  private get succeeded(): boolean {
    return this.errno === undefined;
  }

  /** What `plain` has read. False, without having done anything, if there is more to it than a plain call. */
  private applyPlain(
    spec: CallSpec,
    pid: number,
    line: number,
    head: string,
    tail: string,
    end: number,
  ): boolean {
    const { plain, paths } = this;
    const process = this.processes.of(pid);
    if (process.waiting !== undefined) return false;
    const { view } = process;
    const { nameStart, nameEnd, noteStart, noteEnd, result } = plain;

    let realPath: AskedPath | undefined;
    let mode: OpenMode | undefined;
    let action = spec.action;
    let { follow } = spec;
    let emptyPath = false;
    if (spec.rest === 'mode') {
      mode = this.plainModes.get(head.slice(plain.flagsStart, plain.flagsEnd));
      if (mode === ODD_MODE) return false;
      follow = !mode.noFollow && !(mode.create && mode.exclusive);
      action = actionOf(mode);
    } else if (spec.rest !== 'status' && spec.rest !== 'program') {
      const flags = this.plainFlags.get(
        (plain.flagsInHead ? head : tail).slice(plain.flagsStart, plain.flagsEnd),
      );
      if (flags === ODD_FLAGS) return false;
      if (spec.rest === 'status flags') {
        follow = flags.follow ?? follow;
        emptyPath = flags.emptyPath;
      }
    }

    let errno: string | undefined;
    const code = tail.charCodeAt(result);
    const failed = code === Char.Minus;
    if (failed) {
      if (tail.charCodeAt(result + 2) !== Char.Space) return false;
      const space = tail.indexOf(' ', result + 3);
      if (space < 0 || space >= end) return false;
      errno = this.errnos.get(tail.slice(result + 3, space));
    } else if (code < Char.Zero || code > Char.Nine || spec.rest === 'program') return false;

    let base: Directory | undefined = view.cwd;
    const absolute = head.charCodeAt(nameStart) === Char.Slash;
    if (noteEnd > 0) {
      if (!plain.atCwd) {
        const note = paths.find(head, noteStart, noteEnd, KERNEL_ROOT);
        if (note.path.startsWith('/memfd:')) return false;
        if (nameStart === nameEnd && emptyPath) {
          this.record(note.path, note.path, action, follow, errno, spec, process, line, mode);
          return true;
        }
        base = note.directory;
      } else if (head.slice(noteStart, noteEnd) !== view.cwdRaw) {
        const note = paths.find(head, noteStart, noteEnd, KERNEL_ROOT);
        view.moveTo(note.directory, note.raw);
        base = view.cwd;
      }
    }
    if (nameStart === nameEnd) return false;
    if (absolute) base = view.root;
    const known = paths.find(head, nameStart, nameEnd, base);
    let { path } = known;
    if (path.charCodeAt(1) === LOWER_P && path.startsWith('/proc/')) {
      path = throughProc(path, follow, process, this.processes);
    }

    if (mode !== undefined && !failed) {
      let at = result + 1;
      let descriptor = code - Char.Zero;
      for (
        let digit = tail.charCodeAt(at);
        digit >= Char.Zero && digit <= Char.Nine;
        digit = tail.charCodeAt(++at)
      ) {
        descriptor = descriptor * 10 + digit - Char.Zero;
      }
      if (at === end) process.open(descriptor, path, mode.closeOnExec);
      else {
        const close = end - 1;
        if (tail.charCodeAt(at) !== Char.Less || tail.charCodeAt(at + 1) !== Char.Slash) return false;
        if (tail.indexOf('>', at) !== close) return false;
        // Most names are not links: then the kernel's answer is what was asked for, and needs no second string.
        realPath =
          absolute && path.length === close - at - 1 && tail.slice(at + 1, close) === path
            ? path
            : paths.find(tail, at + 1, close, KERNEL_ROOT).path;
        if (realPath.startsWith('/memfd:')) return false;
        process.open(descriptor, realPath, mode.closeOnExec);
      }
    }
    this.record(path, realPath, action, follow, errno, spec, process, line, mode);
    return true;
  }

  private record(
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
    this.out.push({
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
    });
  }

  private apply(spec: CallSpec, process: Process, line: number, surelySucceeded = false): void {
    this.spec = spec;
    this.process = process;
    this.line = line;
    // strace 6.8 prints an odd number in place of 0 when a thread's execve has replaced the program.
    if (surelySucceeded) this.errno = undefined;
    else this.readOutcome();
    switch (spec.kind) {
      case 'path':
        this.applyPath();
        break;
      case 'open':
        this.applyOpen();
        break;
      case 'creat':
        this.opened(this.asked(0, true), CREAT, true);
        break;
      case 'handle':
        this.opened(this.ofHandle(1), this.modeIn(this.spec.flags), true);
        break;
      case 'handleOf':
        this.applyPath();
        this.rememberHandle();
        break;
      case 'exec':
        this.applyExec();
        break;
      case 'rename':
      case 'link':
        this.applyTwoNames();
        break;
      case 'symlink':
        this.applySymlink();
        break;
      case 'descriptor':
        this.applyDescriptor();
        break;
      case 'chdir':
        this.moved(this.asked(0, true), true);
        break;
      case 'fchdir':
        this.moved(this.ownPath(0), false);
        break;
      case 'chroot':
        this.applyChroot();
        break;
      case 'pivot':
        this.applyPivot();
        break;
      case 'mount':
        this.applyMount();
        break;
      case 'getcwd':
        this.applyGetcwd();
        break;
      case 'fork':
        this.applyFork();
        break;
      case 'unshare':
        this.applyUnshare();
        break;
      case 'dup':
      case 'fcntl':
        this.applyDup();
        break;
      case 'close':
        if (this.succeeded) this.process.files.delete(this.args.number(0));
        break;
      case 'closeRange':
        this.applyCloseRange();
        break;
      case 'address':
        this.applyAddress();
        break;
      case 'receive':
        this.applyReceive();
        break;
      case 'bpf':
        this.applyBpf();
        break;
    }
  }

  private emit(
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
    this.record(path, realPath, action, follow, errno, spec, process, line, mode, other);
  }

  /** A pointer to nowhere (EFAULT) names no path; a path that strace did not decode is one we do not know. */
  private badPath(): void {
    if (this.succeeded) this.unresolved++;
  }

  // ---- from text to paths

  /** The path in the annotation just found; undefined if it is a pipe, a socket, a file that was never anywhere. */
  private annotated(found: boolean): KnownPath | undefined {
    if (!found) return undefined;
    const { found: text, foundStart: start, foundEnd: end } = this.args;
    const first = text.charCodeAt(start);
    if (first !== Char.Slash && first !== Char.Backslash) return undefined;
    const device = text.charCodeAt(end - 1) === Char.Greater ? text.lastIndexOf('<', end) : end;
    const known = this.paths.find(text, start, device, KERNEL_ROOT);
    const { path } = known;
    if (path.charCodeAt(1) === LOWER_M && path.startsWith('/memfd:')) return undefined;
    return path.charCodeAt(0) === Char.Slash ? known : undefined;
  }

  /** The directory that a descriptor argument stands for. */
  private directoryIn(index: number): Directory | undefined {
    const { args } = this;
    const { view, files } = this.process;
    const first = args.first(index);
    if (first === UPPER_A) {
      // AT_FDCWD
      // The same working directory as last time, in nearly every line of a log with -y.
      if (view.cwdRaw !== '' && args.isAnnotated(index, 8, view.cwdRaw)) return view.cwd;
    } else if (first !== Char.Minus && !(first === Char.Zero && args.startsWith(index, '0xffffff9c'))) {
      const known = this.annotated(args.findAnnotation(index));
      if (known !== undefined) return known.directory;
      const path = files.get(args.number(index))?.path;
      return path === undefined ? undefined : new Directory(path);
    }
    const known = this.annotated(args.findAnnotation(index));
    if (known !== undefined) view.moveTo(known.directory, known.raw);
    return view.cwd;
  }

  /** The path that the string in argument `index` means; undefined if it is not a string. */
  private ask(index: number, directory: Directory | undefined, follow: boolean): AskedPath | undefined {
    const { args } = this;
    return args.findQuoted(index) ? this.askFound(directory, follow) : undefined;
  }

  /** The path that the text just found means, from `directory` if it is relative. */
  private askFound(directory: Directory | undefined, follow: boolean): AskedPath | undefined {
    const { found, foundStart, foundEnd } = this.args;
    const first = found.charCodeAt(foundStart);
    const absolute =
      foundEnd > foundStart &&
      (first === Char.Slash ||
        (first === Char.Backslash && unescapeC(this.args.foundText()).startsWith('/')));
    const base = absolute ? this.process.view.root : directory;
    if (base === undefined) return undefined;
    const { path } = this.paths.find(found, foundStart, foundEnd, base);
    if (path.charCodeAt(1) !== LOWER_P || !path.startsWith('/proc/')) return path;
    return throughProc(path, follow, this.process, this.processes);
  }

  /** The path in argument `index`, from the working directory if it is relative. */
  private asked(index: number, follow: boolean): AskedPath | undefined {
    return this.ask(index, this.process.view.cwd, follow);
  }

  /** The path in argument `index`, from the directory descriptor in the argument before it. */
  private askedAt(index: number, follow: boolean): AskedPath | undefined {
    return this.ask(index, this.directoryIn(index - 1), follow);
  }

  private isString(index: number): boolean {
    return this.args.findQuoted(index);
  }

  private isEmptyString(index: number): boolean {
    return this.args.findQuoted(index) && this.args.foundEnd === this.args.foundStart;
  }

  /** The file that a descriptor stands for. */
  private ownPath(index: number): AskedPath | undefined {
    const path = this.directoryIn(index)?.path;
    return path === '' ? ('/' as AskedPath) : (path as AskedPath | undefined);
  }

  // ---- flags

  private flagsIn(index: number): AtFlags {
    return index < 0 || this.args.isZero(index) ? NO_FLAGS : this.flags.get(this.args.argument(index));
  }

  private modeIn(index: number): OpenMode {
    return this.modes.get(this.args.argument(index));
  }

  // ---- one method per kind of call

  private applyPath(): void {
    const { spec } = this;
    const flags = this.flagsIn(spec.flags);
    this.onePath(spec.path, flags);
    if (spec.second >= 0) this.onePath(spec.second, flags);
  }

  private onePath(index: number, flags: AtFlags): void {
    const { at, action } = this.spec;
    const { args, process } = this;
    const isString = args.findQuoted(index);
    if (
      at &&
      (isString ? flags.emptyPath && args.foundEnd === args.foundStart : args.startsWith(index, 'NULL'))
    ) {
      this.ownFile(index - 1, action);
    } else if (!isString) this.badPath();
    else {
      const follow = flags.follow ?? this.spec.follow;
      this.emit(at ? this.askedAt(index, follow) : this.askFound(process.view.cwd, follow), action, follow);
    }
  }

  /** The file of a descriptor itself: AT_EMPTY_PATH, or no path at all. */
  private ownFile(index: number, action: AccessAction): AskedPath | undefined {
    const shown = this.args.findAnnotation(index);
    const path = shown ? this.annotated(true)?.path : this.ownPath(index);
    if (path !== undefined) this.emit(path, action, true, shown ? path : undefined);
    return path;
  }

  private applyDescriptor(): void {
    this.ownFile(0, this.spec.action);
  }

  private applyOpen(): void {
    const { at, path } = this.spec;
    const mode = this.modeIn(path + 1);
    const follow = !mode.noFollow && !(mode.create && mode.exclusive);
    this.opened(!at ? this.asked(0, follow) : this.askedAt(1, follow), mode, follow);
  }

  /** Which file a handle is, only the call that made it tells: strace 6.1 does not say what was opened by it. */
  private rememberHandle(): void {
    if (!this.succeeded || this.handles.size >= HANDLES_MAX) return;
    const path = this.askedAt(1, this.flagsIn(this.spec.flags).follow ?? this.spec.follow);
    if (path !== undefined && this.args.findField(2, 'f_handle'))
      this.handles.set(detach(this.args.foundText()), path);
  }

  private ofHandle(index: number): AskedPath | undefined {
    return this.args.findField(index, 'f_handle') ? this.handles.get(this.args.foundText()) : undefined;
  }

  private opened(path: AskedPath | undefined, mode: OpenMode, follow: boolean): void {
    const { args, process } = this;
    let realPath: AskedPath | undefined;
    if (this.succeeded) {
      const shown = args.findResultAnnotation();
      realPath = this.annotated(shown)?.path;
      const known = shown ? realPath : path;
      const descriptor = args.resultNumber();
      if (known === undefined) process.files.delete(descriptor);
      else process.open(descriptor, known, mode.closeOnExec);
    } else if (path === undefined) return;
    this.emit(path ?? realPath, actionOf(mode), follow, realPath, mode);
  }

  private applyExec(): void {
    const { args, process } = this;
    const { at, path: index } = this.spec;
    const flags = this.flagsIn(this.spec.flags);
    const follow = flags.follow ?? true;
    let path: AskedPath | undefined;
    if (at && flags.emptyPath && this.isEmptyString(index)) path = this.ownFile(0, 'execute');
    else if (!this.isString(index)) this.badPath();
    else {
      path = at ? this.askedAt(index, follow) : this.asked(index, follow);
      this.emit(path, 'execute', follow);
    }
    if (!this.succeeded) return;
    if (path !== undefined) {
      process.program = new ExecutedProgram(path, detach(args.argument(index + 1)));
      this.processes.genealogy.executed(process.pid, process.program);
    }
    process.view = process.view.copy();
    const kept: Descriptors = new Map();
    for (const [descriptor, file] of process.files) if (!file.closeOnExec) kept.set(descriptor, file);
    process.files = kept;
  }

  private applyTwoNames(): void {
    const { kind, at, action } = this.spec;
    const flags = this.flagsIn(this.spec.flags);
    const follow = kind === 'link' && flags.follow === true;
    const ownFile = at && kind === 'link' && flags.emptyPath && this.isEmptyString(1);
    const from = ownFile ? this.ownPath(0) : at ? this.askedAt(1, follow) : this.asked(0, follow);
    const to = at ? this.askedAt(3, false) : this.asked(1, false);
    const exchange = kind === 'rename' && flags.exchange;
    if (!this.succeeded && (from === undefined || to === undefined)) return;
    this.emit(from, action, follow, undefined, undefined, to);
    this.emit(to, exchange ? 'rename' : 'create', false, undefined, undefined, from);
    if (kind === 'link' || !this.succeeded || from === undefined || to === undefined) return;
    this.processes.renamed(
      (path) => rebase(path, from, to) ?? (exchange ? rebase(path, to, from) : undefined),
    );
  }

  private applySymlink(): void {
    const index = this.spec.path;
    if (!this.isString(index)) this.badPath();
    else this.emit(index === 2 ? this.askedAt(2, false) : this.asked(1, false), 'create', false);
  }

  private moved(path: AskedPath | undefined, named: boolean): void {
    if (path === undefined) {
      if (named) this.badPath();
      return;
    }
    this.emit(path, 'chdir', true);
    if (this.succeeded) this.process.view.moveTo(new Directory(path));
  }

  private applyChroot(): void {
    const path = this.asked(0, true);
    if (path === undefined) {
      this.badPath();
      return;
    }
    this.emit(path, 'chroot', true);
    if (this.succeeded) this.process.view.root = new Directory(path);
  }

  private applyPivot(): void {
    const path = this.asked(0, true);
    this.emit(path, 'chroot', true);
    this.emit(this.asked(1, true), 'chroot', true);
    if (this.succeeded && path !== undefined) this.processes.pivoted(this.process.view, new Directory(path));
  }

  private applyMount(): void {
    const source = this.asked(0, true);
    if (this.args.findQuoted(0) && this.args.foundText().startsWith('/')) this.emit(source, 'mount', true);
    if (!this.isString(1)) this.badPath();
    else this.emit(this.asked(1, true), 'mount', true);
  }

  /** Touches no path, but tells where the process is. */
  private applyGetcwd(): void {
    if (!this.succeeded || !this.args.findQuoted(0)) return;
    const inside = unescapeC(detach(this.args.foundText()));
    const { view } = this.process;
    if (inside.startsWith('/')) view.moveTo(new Directory(view.root.path + inside));
  }

  private applyFork(): void {
    const { args, process } = this;
    this.processes.leaveFork(process.pid);
    const child = args.resultNumber();
    if (this.succeeded && child > 0) this.processes.born(child, process, args.all());
  }

  private applyUnshare(): void {
    if (!this.succeeded) return;
    const flags = this.args.argument(0);
    const { process } = this;
    const newMounts = hasFlag(flags, 'CLONE_NEWNS', 0x20000);
    if (newMounts || hasFlag(flags, 'CLONE_NEWUSER', 0x10000000) || hasFlag(flags, 'CLONE_FS', 0x200))
      process.view = process.view.copy();
    if (newMounts) process.view.mounts = {};
    if (hasFlag(flags, 'CLONE_FILES', 0x400)) process.files = new Map(process.files);
  }

  private applyDup(): void {
    if (!this.succeeded) return;
    const { args } = this;
    const { files } = this.process;
    const from = args.number(0);
    const command = this.spec.kind === 'fcntl' ? args.argument(1) : 'F_DUPFD';
    const third = args.argument(2);
    const path = this.annotated(args.findAnnotation(0))?.path ?? files.get(from)?.path;
    if (/F_SETFD|^0x2$/.test(command)) {
      const closeOnExec = third.includes('FD_CLOEXEC') || third === '0x1';
      if (path !== undefined) files.set(from, { path, closeOnExec });
    } else if (/F_DUPFD|^(0|0x406)$/.test(command)) {
      const to = args.resultNumber();
      const closeOnExec = /CLOEXEC|^0x406$/.test(command) || /O_CLOEXEC|^0x80000$/.test(third);
      if (path === undefined) files.delete(to);
      else if (to !== from) files.set(to, { path, closeOnExec });
    }
  }

  private applyCloseRange(): void {
    if (!this.succeeded) return;
    const { args, process } = this;
    const flags = args.argument(2);
    const first = args.number(0);
    const last = Number(args.argument(1)) || Number.MAX_SAFE_INTEGER;
    if (flags.includes('CLOSE_RANGE_UNSHARE')) process.files = new Map(process.files);
    for (const [descriptor, file] of process.files) {
      if (descriptor < first || descriptor > last) continue;
      if (flags.includes('CLOEXEC')) process.files.set(descriptor, { path: file.path, closeOnExec: true });
      else process.files.delete(descriptor);
    }
  }

  /** A Unix socket's name; abstract names (`@"…"`) are no files. */
  private applyAddress(): void {
    const follow = this.spec.action === 'connect';
    for (let i = 1; i < this.args.count; i++) {
      if (!this.args.findField(i, 'sun_path')) continue;
      this.emit(this.askFound(this.process.view.cwd, follow), this.spec.action, follow);
    }
  }

  /** SCM_RIGHTS: descriptors that another process has sent, with their paths where -y shows them. */
  private applyReceive(): void {
    if (!this.succeeded) return;
    const { args } = this;
    const { files } = this.process;
    for (let i = 1; i < args.count; i++) {
      const argument = args.argument(i);
      const rights = /SCM_RIGHTS\b[^[]*\[/.exec(argument);
      if (rights === null) continue;
      const closeOnExec = argument.includes('MSG_CMSG_CLOEXEC');
      let at = rights.index + rights[0].length;
      for (let next = at; next >= 0; at = next + 2) {
        const descriptor = numberAt(argument, at);
        if (Number.isNaN(descriptor)) break;
        const path = this.annotated(args.findAfter(argument, at, argument.length))?.path;
        if (path === undefined) files.delete(descriptor);
        else files.set(descriptor, { path, closeOnExec });
        next = skipArgument(argument, at, argument.length);
      }
    }
  }

  private applyBpf(): void {
    if (!this.args.findField(1, 'pathname')) return;
    const pins = this.args.startsWith(0, 'BPF_OBJ_PIN');
    this.emit(this.askFound(this.process.view.cwd, !pins), pins ? 'create' : 'open', !pins);
  }
}

function actionOf(mode: OpenMode): AccessAction {
  if (mode.temporary) return 'open';
  if (mode.create && mode.exclusive) return 'create';
  return mode.write ? 'write' : 'open';
}

/** `path` after the file or directory `from` has become `to`; undefined if it is not concerned. */
function rebase(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}
