import type { AccessModel } from './access-model.js';
import { parseAtFlags } from './at-flags.js';
import type { CallSpec } from './call-table.js';
import { Char } from './char.js';
import type { AskedPath, OpenMode } from './file-access.js';
import { actionOf, followOf, parseOpenMode } from './open-mode.js';
import { type Directory, KERNEL_ROOT, type PathCache } from './path-cache.js';
import { PlainCall } from './plain-call.js';
import { throughProc } from './proc-path.js';
import { TextMemo } from './text-memo.js';

/** The flags of an open are not in their usual spelling. */
const ODD_MODE = parseOpenMode('');
const ODD_FLAGS = parseAtFlags('');

/** What the calls that `PlainCall` has read mean for paths; the same as the model finds when it reads them in full. */
export class PlainAccess {
  private readonly plain = new PlainCall();
  private readonly modes = new TextMemo((text) =>
    /^[A-Z_|]+(?:, \d+)?$/.test(text) ? parseOpenMode(text) : ODD_MODE,
  );
  private readonly flags = new TextMemo((text) =>
    /^[A-Z0-9_|x]+$/.test(text) ? parseAtFlags(text) : ODD_FLAGS,
  );

  constructor(
    private readonly model: AccessModel,
    private readonly paths: PathCache,
    private readonly errnos: TextMemo<string>,
  ) {}

  /**
   * Both halves of a call; for a call on one line they are the same text, and `tailStart` is -1. See `PlainCall`.
   *
   * @returns  false, without having done anything, if there is more to it than a plain call
   */
  take(
    spec: CallSpec,
    pid: number,
    line: number,
    head: string,
    start: number,
    stop: number,
    tail: string,
    tailStart: number,
    end: number,
  ): boolean {
    return (
      spec.rest !== undefined &&
      this.plain.read(spec, head, start, stop, tail, tailStart, end) &&
      this.apply(spec, pid, line, head, tail, end)
    );
  }

  private apply(spec: CallSpec, pid: number, line: number, head: string, tail: string, end: number): boolean {
    const { plain, paths } = this;
    const process = this.model.processes.of(pid);
    if (process.waiting !== undefined) return false;
    const { view } = process;
    const { nameStart, nameEnd, noteStart, noteEnd, result } = plain;

    let realPath: AskedPath | undefined;
    let mode: OpenMode | undefined;
    let action = spec.action;
    let { follow } = spec;
    let emptyPath = false;
    if (spec.rest === 'mode') {
      mode = this.modes.get(head.slice(plain.flagsStart, plain.flagsEnd));
      if (mode === ODD_MODE) return false;
      follow = followOf(mode);
      action = actionOf(mode);
    } else if (spec.rest !== 'status' && spec.rest !== 'program') {
      const flags = this.flags.get((plain.flagsInHead ? head : tail).slice(plain.flagsStart, plain.flagsEnd));
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
          this.model.record(note.path, note.path, action, follow, errno, spec, process, line, mode);
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
    const path = throughProc(known.path, follow, process, this.model.processes);

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
    this.model.record(path, realPath, action, follow, errno, spec, process, line, mode);
    return true;
  }
}
