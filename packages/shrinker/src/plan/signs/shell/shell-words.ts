/** A word of a shell script. */
export interface ShellWord {
  /** What it comes to; undefined where that depends on a variable, another command or the files that there are. */
  readonly literal: string | undefined;
  /** As far as it is known. */
  readonly begin: string;
  /** Nothing of it was quoted: only then it may be a keyword. */
  readonly isPlain: boolean;
}

/** Reads the commands of `$(…)` and of backquotes, up to the end of them. */
export type ReadCommands = (end: ')' | '`') => void;

const ENDS = new Set(' \t\r\n;&|<>()');
/** Of quotations and expansions within each other; more are no script's, and all that follows is passed over. */
const MAX_NESTING = 100;
const VARIABLE = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/;

/**
 * A place in the text of a script, and how its words are read: quotes, escapes, and what the shell would put in their
 * place.
 *
 * @see POSIX, Shell Command Language, 2.2 "Quoting" and 2.6 "Word Expansions"
 */
export class ShellText {
  at = 0;
  #nesting = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(piece: string): boolean {
    return this.text.startsWith(piece, this.at);
  }

  /** Blanks, and ends of lines that a backslash takes away. */
  skipBlanks(): void {
    for (;;) {
      if (this.startsWith('\\\n')) this.at += 2;
      else if (/[ \t\r]/.test(this.text[this.at] ?? '')) this.at++;
      else return;
    }
  }

  skipLine(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  /** What stands between brackets of one kind, which may be nested. The place is behind the first. */
  skipNested(open: string, close: string, readCommands: ReadCommands): void {
    for (let depth = 1; !this.isAtEnd && depth > 0; ) {
      const character = this.text[this.at] as string;
      if (character === open) depth++;
      if (character === close) depth--;
      if (/['"\\$`]/.test(character)) this.#readPiece(readCommands, undefined);
      else this.at++;
    }
  }

  /** @param end  of what the word is in: with backquotes, a backquote ends it */
  readWord(readCommands: ReadCommands, end: ')' | '`' | undefined): ShellWord {
    let begin = '';
    let isLiteral = true;
    let isPlain = true;
    while (!this.isAtEnd) {
      const character = this.text[this.at] as string;
      if (ENDS.has(character) || (character === '`' && end === '`')) break;
      if (/['"\\]/.test(character)) isPlain = false;
      const piece = this.#readPiece(readCommands, end);
      if (piece === undefined) isLiteral = false;
      else if (isLiteral) begin += piece;
    }
    return { literal: isLiteral ? begin : undefined, begin, isPlain };
  }

  #readPiece(readCommands: ReadCommands, end: ')' | '`' | undefined): string | undefined {
    if (++this.#nesting > MAX_NESTING) this.at = this.text.length;
    const piece = this.#readPlainPiece(readCommands, end);
    this.#nesting--;
    return piece;
  }

  /** One character, or a whole quotation or expansion: what it comes to. */
  #readPlainPiece(readCommands: ReadCommands, end: ')' | '`' | undefined): string | undefined {
    const character = this.text[this.at] ?? '';
    switch (character) {
      case "'": {
        const close = this.text.indexOf("'", this.at + 1);
        const literal = this.text.slice(this.at + 1, close === -1 ? undefined : close);
        this.at = close === -1 ? this.text.length : close + 1;
        return literal;
      }
      case '"':
        return this.#readQuoted(readCommands, end);
      case '\\':
        this.at += 2;
        return this.text[this.at - 1] === '\n' ? '' : (this.text[this.at - 1] ?? '');
      case '$':
        return this.#readExpansion(readCommands);
      case '`':
        this.at++;
        readCommands('`');
        return undefined;
      default:
        this.at++;
        return /[*?~]/.test(character) ? undefined : character;
    }
  }

  #readQuoted(readCommands: ReadCommands, end: ')' | '`' | undefined): string | undefined {
    let literal: string | undefined = '';
    this.at++;
    while (!this.isAtEnd) {
      const character = this.text[this.at] as string;
      if (character === '"') {
        this.at++;
        break;
      }
      if (character === '`' && end === '`') break;
      const isSpecial = character === '$' || character === '`' || character === '\\';
      const piece = isSpecial ? this.#readPiece(readCommands, end) : character;
      if (!isSpecial) this.at++;
      literal = literal === undefined || piece === undefined ? undefined : literal + piece;
    }
    return literal;
  }

  #readExpansion(readCommands: ReadCommands): string | undefined {
    this.at++;
    if (this.startsWith('((')) {
      this.at += 2;
      this.skipNested('(', ')', readCommands);
      if (this.startsWith(')')) this.at++;
    } else if (this.startsWith('(')) {
      this.at++;
      readCommands(')');
    } else if (this.startsWith('{')) {
      this.at++;
      this.skipNested('{', '}', readCommands);
    } else {
      const [name] = VARIABLE.exec(this.text.slice(this.at, this.at + 64)) ?? [];
      if (name === undefined) return '$';
      this.at += name.length;
    }
    return undefined;
  }
}
