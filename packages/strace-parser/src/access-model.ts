import { unescapeC } from './c-escape.js';
import type { CallSpec } from './call-table.js';
import { CallText } from './call-text.js';
import { Char } from './char.js';
import { type Directory, detach, PathCache } from './directory.js';
import type { AccessAction, AskedPath, FileAccess, OpenMode } from './file-access.js';
import { parseOpenMode } from './open-mode.js';
import { throughProc } from './proc-path.js';
import { type Descriptors, FileSystemView, type Process } from './process-state.js';
import { ProcessTable } from './process-table.js';

/** Where a process starts, for what the log does not show. */
export interface AccessOptions {
  /** Working directory of processes whose parent is not in the log; absolute, a byte string. Default `/`. */
  readonly cwd?: string;
  /** Their root directory: absolute names in the log are under it. Default: none, names are as they stand. */
  readonly root?: string;
}

/** An unknown outcome: the log ended, or the process died, inside the call. */
const UNKNOWN = '?';
const MOST_CACHED = 1000;
const CREAT = parseOpenMode('O_WRONLY|O_CREAT|O_TRUNC');
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_SYMLINK_FOLLOW = 0x400;
const AT_EMPTY_PATH = 0x1000;
const RENAME_EXCHANGE = 2;

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
  private readonly modes = new Map<string, OpenMode>();
  private readonly errnos = new Map<string, string>();

  // The call at hand.
  private readonly args = new CallText();
  private spec!: CallSpec;
  private process!: Process;
  private line = 0;
  private errno: string | undefined;

  constructor(options: AccessOptions = {}) {
    const root = this.paths.directory(options.root ?? '');
    this.processes = new ProcessTable(new FileSystemView(this.paths.directory(options.cwd ?? '/'), root));
  }

  /**
   * A whole call.
   *
   * @param text   holds the arguments from `start`, and the result up to `end`
   * @param start  after the opening parenthesis
   * @returns      false when the text breaks off before the result
   */
  call(spec: CallSpec, pid: number, line: number, text: string, start: number, end: number): boolean {
    if (!this.args.scan(text, start, end)) return false;
    const process = this.processes.of(pid);
    if (process.waiting !== undefined) {
      const copy = detach(text.slice(start, end));
      this.processes.postpone(process, () => this.call(spec, pid, line, copy, 0, copy.length));
      return true;
    }
    this.spec = spec;
    this.process = process;
    this.line = line;
    this.readOutcome();
    this.apply();
    return true;
  }

  /** A call whose end the log does not have; `text` holds its arguments from `start` to `end`. */
  lost(spec: CallSpec, pid: number, line: number, text: string, start: number, end: number): void {
    if (spec.kind === 'fork') this.processes.leaveFork(pid);
    else {
      const closed = `${text.slice(start, end)}) = ?`;
      this.call(spec, pid, line, closed, 0, closed.length);
    }
  }

  private readOutcome(): void {
    const { text, result, end } = this.args;
    const code = text.charCodeAt(result);
    this.errno = undefined;
    if (code === Char.Minus && text.charCodeAt(result + 2) === Char.Space) {
      let stop = result + 3;
      while (stop < end && text.charCodeAt(stop) !== Char.Space) stop++;
      this.errno = this.errnoName(text.slice(result + 3, stop));
    } else if (code === Char.Question) {
      const name = /^\? (E[A-Z0-9_]+)/.exec(text.slice(result, Math.min(end, result + 40)))?.[1];
      this.errno = name ?? UNKNOWN;
    }
  }

  private errnoName(name: string): string {
    let known = this.errnos.get(name);
    if (known === undefined) {
      known = detach(name);
      if (this.errnos.size < MOST_CACHED) this.errnos.set(known, known);
    }
    return known;
  }

  private get succeeded(): boolean {
    return this.errno === undefined;
  }

  private apply(): void {
    switch (this.spec.kind) {
      case 'path':
        this.applyPath();
        break;
      case 'open':
        this.applyOpen();
        break;
      case 'creat':
        this.opened(this.asked(0, true), CREAT, true);
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
        this.emit(this.asked(0, true), 'chroot', true);
        this.emit(this.asked(1, true), 'chroot', true);
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
        if (this.succeeded) this.process.files.delete(this.descriptorIn(0));
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
    const { process } = this;
    this.out.push({
      path,
      realPath,
      action,
      follow,
      errno: this.errno,
      call: this.spec.name,
      pid: process.pid,
      line: this.line,
      program: process.program,
      root: process.view.root.path || undefined,
      mode,
      other,
    });
  }

  /** A pointer to nowhere (EFAULT) names no path; a path that strace did not decode is one we do not know. */
  private badPath(): void {
    if (this.succeeded) this.unresolved++;
  }

  // ---- from text to paths

  /** The path in an annotation; undefined if it is a pipe, a socket, a file that was never anywhere. */
  private pathInAnnotation(raw: string): AskedPath | undefined {
    if (raw === '') return undefined;
    const device = raw.endsWith('>') ? raw.lastIndexOf('<') : -1;
    const path = device > 0 ? raw.slice(0, device) : raw;
    const first = path.charCodeAt(0);
    if (first !== Char.Slash && first !== Char.Backslash) return undefined;
    const bytes = this.paths.annotation(path);
    return bytes.startsWith('/') && !bytes.startsWith('/memfd:') ? (bytes as AskedPath) : undefined;
  }

  private descriptorIn(index: number): number {
    return this.args.numberAt(this.args.valueStart(index));
  }

  /** The directory that a descriptor argument stands for. */
  private directoryIn(index: number): Directory | undefined {
    const { args } = this;
    const { text } = args;
    const { view, files } = this.process;
    const start = args.valueStart(index);
    if (text.startsWith('AT_FDCWD', start)) {
      // The same working directory as last time, in nearly every line of a log with -y.
      const open = start + 8;
      if (text.charCodeAt(open) !== Char.Less) return view.cwd;
      const close = open + 1 + view.cwdRaw.length;
      if (
        view.cwdRaw !== '' &&
        text.startsWith(view.cwdRaw, open + 1) &&
        text.charCodeAt(close) === Char.Greater
      ) {
        return view.cwd;
      }
    } else if (!text.startsWith('-100', start) && !text.startsWith('0xffffff9c', start)) {
      const path = this.pathInAnnotation(args.annotationAt(start)) ?? files.get(args.numberAt(start))?.path;
      return path === undefined ? undefined : this.paths.directory(path);
    }
    const raw = args.annotationAt(start);
    const path = this.pathInAnnotation(raw);
    if (path !== undefined) view.moveTo(this.paths.directory(path), detach(raw));
    return view.cwd;
  }

  private ask(directory: Directory | undefined, raw: string, follow: boolean): AskedPath | undefined {
    const first = raw.charCodeAt(0);
    const absolute = first === Char.Slash || (first === Char.Backslash && unescapeC(raw).startsWith('/'));
    const base = absolute ? this.process.view.root : directory;
    if (base === undefined) return undefined;
    const path = this.paths.join(base, raw);
    return path.startsWith('/proc/') ? throughProc(path, follow, this.process, this.processes) : path;
  }

  /** The path in argument `index`, from the working directory if it is relative. */
  private asked(index: number, follow: boolean): AskedPath | undefined {
    const raw = this.args.quoted(index);
    return raw === undefined ? undefined : this.ask(this.process.view.cwd, raw, follow);
  }

  /** The path in argument `index`, from the directory descriptor in the argument before it. */
  private askedAt(index: number, follow: boolean): AskedPath | undefined {
    const raw = this.args.quoted(index);
    return raw === undefined ? undefined : this.ask(this.directoryIn(index - 1), raw, follow);
  }

  /** The file that a descriptor stands for. */
  private ownPath(index: number): AskedPath | undefined {
    const path = this.directoryIn(index)?.path;
    return path === '' ? ('/' as AskedPath) : (path as AskedPath | undefined);
  }

  // ---- flags

  private follows(flags: string): boolean {
    const { follow, shape } = this.spec;
    if (flags === '' || flags === '0') return follow;
    if (/NOFOLLOW|DONT_FOLLOW/.test(flags)) return false;
    if (/SYMLINK_FOLLOW|F_SYMLINKS/.test(flags)) return true;
    const bits = shape.startsWith('d') ? rawFlags(flags) : 0;
    return (follow || (bits & AT_SYMLINK_FOLLOW) !== 0) && (bits & AT_SYMLINK_NOFOLLOW) === 0;
  }

  private modeIn(index: number): OpenMode {
    const flags = this.args.argument(index);
    let mode = this.modes.get(flags);
    if (mode === undefined) {
      // openat2 has its flags in a structure.
      mode = parseOpenMode(flags.startsWith('{') ? (/flags=([^,}]*)/.exec(flags)?.[1] ?? '') : flags);
      if (this.modes.size < MOST_CACHED) this.modes.set(detach(flags), mode);
    }
    return mode;
  }

  // ---- one method per kind of call

  private applyPath(): void {
    const { shape, action } = this.spec;
    const flagsAt = shape.indexOf('f');
    const flags = flagsAt < 0 ? '' : this.args.argument(flagsAt);
    const follow = this.follows(flags);
    for (let i = shape.indexOf('p'); i >= 0; i = shape.indexOf('p', i + 1)) {
      const at = shape[i - 1] === 'd';
      const raw = this.args.quoted(i);
      if (at && (raw === '' ? isEmptyPath(flags) : this.args.argument(i) === 'NULL'))
        this.ownFile(i - 1, action);
      else if (raw === undefined) this.badPath();
      else
        this.emit(
          this.ask(at ? this.directoryIn(i - 1) : this.process.view.cwd, raw, follow),
          action,
          follow,
        );
    }
  }

  /** The file of a descriptor itself: AT_EMPTY_PATH, or no path at all. */
  private ownFile(index: number, action: AccessAction): AskedPath | undefined {
    const raw = this.args.annotationAt(this.args.valueStart(index));
    const path = raw === '' ? this.ownPath(index) : this.pathInAnnotation(raw);
    if (path !== undefined) this.emit(path, action, true, raw === '' ? undefined : path);
    return path;
  }

  private applyDescriptor(): void {
    this.ownFile(0, this.spec.action);
  }

  private applyOpen(): void {
    const index = this.spec.shape.indexOf('p');
    const mode = this.modeIn(index + 1);
    const follow = !mode.noFollow && !(mode.create && mode.exclusive);
    this.opened(index === 0 ? this.asked(0, follow) : this.askedAt(1, follow), mode, follow);
  }

  private opened(path: AskedPath | undefined, mode: OpenMode, follow: boolean): void {
    const { args, process } = this;
    let realPath: AskedPath | undefined;
    if (this.succeeded) {
      const raw = args.annotationAt(args.result);
      realPath = this.pathInAnnotation(raw);
      const known = raw === '' ? path : realPath;
      const descriptor = args.numberAt(args.result);
      if (known === undefined) process.files.delete(descriptor);
      else process.files.set(descriptor, { path: known, closeOnExec: mode.closeOnExec });
    } else if (path === undefined) return;
    const makes = mode.create && mode.exclusive;
    const action = mode.temporary ? 'open' : makes ? 'create' : mode.write ? 'write' : 'open';
    this.emit(path ?? realPath, action, follow, realPath, mode);
  }

  private applyExec(): void {
    const { args, process } = this;
    const at = this.spec.shape.startsWith('d');
    const index = at ? 1 : 0;
    const flags = at ? args.argument(4) : '';
    const follow = this.follows(flags);
    const raw = args.quoted(index);
    let path: AskedPath | undefined;
    if (at && raw === '' && isEmptyPath(flags)) path = this.ownFile(0, 'execute');
    else if (raw === undefined) this.badPath();
    else {
      path = this.ask(at ? this.directoryIn(0) : process.view.cwd, raw, follow);
      this.emit(path, 'execute', follow);
    }
    if (!this.succeeded) return;
    if (path !== undefined) {
      process.program = { path, argv: args.quotedList(index + 1).map((text) => detach(unescapeC(text))) };
    }
    process.view = process.view.copy();
    const kept: Descriptors = new Map();
    for (const [descriptor, file] of process.files) if (!file.closeOnExec) kept.set(descriptor, file);
    process.files = kept;
  }

  private applyTwoNames(): void {
    const { kind, shape, action } = this.spec;
    const at = shape.startsWith('d');
    const flags = this.args.argument(4);
    const follow = kind === 'link' && this.follows(flags);
    const ownFile = at && kind === 'link' && this.args.quoted(1) === '' && isEmptyPath(flags);
    const from = ownFile ? this.ownPath(0) : at ? this.askedAt(1, follow) : this.asked(0, follow);
    const to = at ? this.askedAt(3, false) : this.asked(1, false);
    const exchange =
      kind === 'rename' && (/RENAME_EXCHANGE/.test(flags) || (rawFlags(flags) & RENAME_EXCHANGE) !== 0);
    if (!this.succeeded && (from === undefined || to === undefined)) return;
    this.emit(from, action, follow, undefined, undefined, to);
    this.emit(to, exchange ? 'rename' : 'create', false, undefined, undefined, from);
    if (kind === 'link' || !this.succeeded || from === undefined || to === undefined) return;
    this.processes.renamed(
      (path) => rebase(path, from, to) ?? (exchange ? rebase(path, to, from) : undefined),
      this.paths,
    );
  }

  private applySymlink(): void {
    const index = this.spec.shape.indexOf('p');
    if (this.args.quoted(index) === undefined) this.badPath();
    else this.emit(index === 2 ? this.askedAt(2, false) : this.asked(1, false), 'create', false);
  }

  private moved(path: AskedPath | undefined, named: boolean): void {
    if (path === undefined) {
      if (named) this.badPath();
      return;
    }
    this.emit(path, 'chdir', true);
    if (this.succeeded) this.process.view.moveTo(this.paths.directory(path));
  }

  private applyChroot(): void {
    const path = this.asked(0, true);
    if (path === undefined) {
      this.badPath();
      return;
    }
    this.emit(path, 'chroot', true);
    if (this.succeeded) this.process.view.root = this.paths.directory(path);
  }

  private applyMount(): void {
    const source = this.args.quoted(0);
    if (source?.startsWith('/')) this.emit(this.ask(undefined, source, true), 'mount', true);
    if (this.args.quoted(1) === undefined) this.badPath();
    else this.emit(this.asked(1, true), 'mount', true);
  }

  /** Touches no path, but tells where the process is. */
  private applyGetcwd(): void {
    const inside = unescapeC(this.args.quoted(0) ?? '');
    const { view } = this.process;
    if (this.succeeded && inside.startsWith('/')) view.moveTo(this.paths.directory(view.root.path + inside));
  }

  private applyFork(): void {
    const { args, process } = this;
    this.processes.leaveFork(process.pid);
    const child = args.numberAt(args.result);
    if (this.succeeded && child > 0) this.processes.born(child, process, args.all());
  }

  private applyUnshare(): void {
    if (!this.succeeded) return;
    const flags = this.args.argument(0);
    const { process } = this;
    if (/CLONE_FS|CLONE_NEWNS|CLONE_NEWUSER/.test(flags)) process.view = process.view.copy();
    if (flags.includes('CLONE_FILES')) process.files = new Map(process.files);
  }

  private applyDup(): void {
    if (!this.succeeded) return;
    const { args } = this;
    const { files } = this.process;
    const from = this.descriptorIn(0);
    const command = this.spec.kind === 'fcntl' ? args.argument(1) : 'F_DUPFD';
    const closeOnExec = /CLOEXEC/.test(command + args.argument(2)) || args.argument(2) === '0x1';
    const path = this.pathInAnnotation(args.annotationAt(args.valueStart(0))) ?? files.get(from)?.path;
    if (command.includes('F_SETFD')) {
      if (path !== undefined) files.set(from, { path, closeOnExec });
    } else if (command.includes('F_DUPFD')) {
      const to = args.numberAt(args.result);
      if (path === undefined) files.delete(to);
      else if (to !== from) files.set(to, { path, closeOnExec });
    }
  }

  private applyCloseRange(): void {
    if (!this.succeeded) return;
    const { args, process } = this;
    const flags = args.argument(2);
    const first = this.descriptorIn(0);
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
      const raw = /\bsun_path="((?:[^"\\]|\\.)*)"/.exec(this.args.argument(i))?.[1];
      if (raw !== undefined)
        this.emit(this.ask(this.process.view.cwd, raw, follow), this.spec.action, follow);
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
      for (const at of args.listAt(args.valueStart(i) + rights.index + rights[0].length)) {
        const path = this.pathInAnnotation(args.annotationAt(at));
        if (path === undefined) files.delete(args.numberAt(at));
        else files.set(args.numberAt(at), { path, closeOnExec });
      }
    }
  }

  private applyBpf(): void {
    const raw = /\bpathname="((?:[^"\\]|\\.)*)"/.exec(this.args.argument(1))?.[1];
    if (raw === undefined) return;
    const pins = this.args.argument(0).includes('BPF_OBJ_PIN');
    this.emit(this.ask(this.process.view.cwd, raw, !pins), pins ? 'create' : 'open', !pins);
  }
}

function rawFlags(flags: string): number {
  return /^(0x[0-9a-f]+|\d+)$/.test(flags) ? Number(flags) : 0;
}

function isEmptyPath(flags: string): boolean {
  return flags.includes('AT_EMPTY_PATH') || (rawFlags(flags) & AT_EMPTY_PATH) !== 0;
}

/** `path` after the file or directory `from` has become `to`; undefined if it is not concerned. */
function rebase(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}
