import { Directory, isMemory, KERNEL_ROOT, resolve } from '../processes/directory.js';
import { type ProcessLookup, throughProc } from '../processes/proc-path.js';
import type { Process } from '../processes/process-state.js';
import { unescapeC } from '../text/c-escape.js';
import { Char } from '../text/char.js';
import { detach } from '../text/detach.js';
import type { CallText } from './call-text.js';
import type { AskedPath } from './file-access.js';

const UPPER_A = 65;

/** From the text of the call at hand to the paths that its arguments mean to the process. */
export class ArgumentPaths {
  /** Who makes the call. */
  process!: Process;

  constructor(
    private readonly args: CallText,
    private readonly processes: ProcessLookup,
  ) {}

  /** The path in the annotation just found; undefined if it is a pipe, a socket, a file that was never anywhere. */
  annotated(found: boolean): AskedPath | undefined {
    if (!found) return undefined;
    const { found: text, foundStart: start, foundEnd: end } = this.args;
    const first = text.charCodeAt(start);
    if (first !== Char.Slash && first !== Char.Backslash) return undefined;
    const device = text.charCodeAt(end - 1) === Char.Greater ? text.lastIndexOf('<', end) : end;
    const path = resolve(detach(text.slice(start, device)), KERNEL_ROOT);
    return path.charCodeAt(0) === Char.Slash && !isMemory(path) ? path : undefined;
  }

  /** The directory that a descriptor argument stands for. */
  #directoryIn(index: number): Directory | undefined {
    const { args } = this;
    const { view, files } = this.process;
    const first = args.first(index);
    const atCwd =
      first === UPPER_A ||
      first === Char.Minus ||
      (first === Char.Zero && args.startsWith(index, '0xffffff9c'));
    if (!atCwd) {
      const known = this.annotated(args.findAnnotation(index));
      if (known !== undefined) return new Directory(known);
      const path = files.get(args.number(index))?.path;
      return path === undefined ? undefined : new Directory(path);
    }
    const known = this.annotated(args.findAnnotation(index));
    if (known !== undefined) view.cwd = new Directory(known);
    return view.cwd;
  }

  /** The path that the string in argument `index` means; undefined if it is not a string. */
  #ask(
    index: number,
    directory: Directory | undefined,
    follow: boolean,
    isBelow = false,
  ): AskedPath | undefined {
    const { args } = this;
    return args.findQuoted(index) ? this.askFound(directory, follow, isBelow) : undefined;
  }

  /**
   * The path that the text just found means, from `directory` if it is relative.
   *
   * @param isBelow  absolute names are below it, too
   */
  askFound(directory: Directory | undefined, follow: boolean, isBelow = false): AskedPath | undefined {
    const { found, foundStart, foundEnd } = this.args;
    const first = found.charCodeAt(foundStart);
    const absolute =
      foundEnd > foundStart &&
      (first === Char.Slash ||
        (first === Char.Backslash && unescapeC(this.args.foundText()).startsWith('/')));
    const base = absolute && !isBelow ? this.process.view.root : directory;
    if (base === undefined) return undefined;
    const path = resolve(detach(this.args.foundText()), base);
    return throughProc(path, follow, this.process, this.processes);
  }

  /** The path in argument `index`, from the working directory if it is relative. */
  asked(index: number, follow: boolean): AskedPath | undefined {
    return this.#ask(index, this.process.view.cwd, follow);
  }

  /**
   * The path in argument `index`, from the directory descriptor in the argument before it, or in another one.
   *
   * @param isBelow  absolute names are below it, too
   */
  askedAt(index: number, follow: boolean, isBelow = false, directory = index - 1): AskedPath | undefined {
    return this.#ask(index, this.#directoryIn(directory), follow, isBelow);
  }

  isString(index: number): boolean {
    return this.args.findQuoted(index);
  }

  isEmptyString(index: number): boolean {
    return this.args.findQuoted(index) && this.args.foundEnd === this.args.foundStart;
  }

  /** The file that a descriptor stands for. */
  ownPath(index: number): AskedPath | undefined {
    const path = this.#directoryIn(index)?.path;
    return path === '' ? ('/' as AskedPath) : (path as AskedPath | undefined);
  }
}
