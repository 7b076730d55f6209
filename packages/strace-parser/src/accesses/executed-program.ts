import { unescapeC } from '../text/c-escape.js';
import { Char } from '../text/char.js';
import { decodeBytes, encodeBytes } from '../text/decode-bytes.js';
import { skipString } from '../text/skip-text.js';
import type { AskedPath, Program } from './file-access.js';

/** A program whose arguments are read when they are asked for: most never are. */
export class ExecutedProgram implements Program {
  /** Off the heap: of long logs there are many, and all stay. */
  readonly #printed: Uint8Array;
  #list: readonly string[] | undefined = undefined;

  constructor(
    readonly path: AskedPath,
    argv: string,
  ) {
    this.#printed = encodeBytes(argv, new Uint8Array(argv.length));
  }

  get argv(): readonly string[] {
    this.#list ??= parseArgv(decodeBytes(this.#printed));
    return this.#list;
  }

  toJSON(): Program {
    return { path: this.path, argv: this.argv };
  }
}

/** The strings of `["a", "b"..., ...]`; none if strace printed a pointer. */
function parseArgv(text: string): string[] {
  const list: string[] = [];
  let at = 1;
  while (text.charCodeAt(0) === Char.OpenSquare && text.charCodeAt(at) === Char.Quote) {
    const after = skipString(text, at, text.length);
    if (after < 0) break;
    list.push(unescapeC(text.slice(at + 1, after - 1)));
    at = text.startsWith('...', after) ? after + 3 : after;
    if (!text.startsWith(', ', at)) break;
    at += 2;
  }
  return list;
}
