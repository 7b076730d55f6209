import { BUILTINS, PREFIXES } from './shell-builtins.js';
import { ShellText, type ShellWord } from './shell-words.js';

/**
 * The programs that a shell script starts, as far as its text tells: the first words of its commands, also of those in
 * `$(…)`, in pipelines, and behind `exec`, `env`, `xargs`, `find -exec` and their like.
 *
 * Not seen are names in variables, in `eval`, in `sh -c '…'`, in aliases, in here-documents, and what is only asked for
 * (`command -v`). Keywords, built-in commands and functions of the script are none.
 *
 * @param text  byte string
 * @returns names and absolute paths, sorted, each once
 * @see POSIX, Shell Command Language, 2.9 "Shell Commands"
 * @example 'id -u | grep -q "^$(stat -c %u /srv)"' → ['grep', 'id', 'stat']
 */
export function shellCommands(text: string): readonly string[] {
  const reader = new CommandReader(text);
  reader.readCommands(undefined);
  return [...reader.names].filter((name) => !reader.functions.has(name) && !BUILTINS.has(name)).sort();
}

/** Where a word stands. */
type Place =
  | 'command'
  | 'arguments'
  /** Of `case`. */
  | 'pattern'
  /** In `[[ ]]`. */
  | 'test';

const NAME = /^(?:\/[\w./+-]*)?\w[\w.+-]*$/;
const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;
/** What a list of commands is read with: one for each `$(…)`. */
interface List {
  place: Place;
  /** Cases that are open. */
  cases: number;
  /** The command whose arguments are read. */
  command: string | undefined;
  /** They are those of find, which may start more than one. */
  isFind: boolean;
  /** What is still to come before the command behind a prefix. */
  prefix: { operands: number; valued: string } | undefined;
}

class CommandReader {
  readonly names = new Set<string>();
  readonly functions = new Set<string>();
  readonly #text: ShellText;
  readonly #hereDocuments: { readonly end: string; readonly isIndented: boolean }[] = [];

  constructor(text: string) {
    this.#text = new ShellText(text);
  }

  /** @param end  undefined: the end of the text */
  readonly readCommands = (end: ')' | '`' | undefined): void => {
    const text = this.#text;
    const list: List = { place: 'command', cases: 0, command: undefined, isFind: false, prefix: undefined };
    for (;;) {
      text.skipBlanks();
      if (text.isAtEnd) break;
      const isEnd = end !== undefined && text.startsWith(end);
      if (isEnd && !(end === ')' && list.place === 'pattern')) {
        text.at++;
        break;
      }
      this.#readNext(list, end);
    }
  };

  #readNext(list: List, end: ')' | '`' | undefined): void {
    const text = this.#text;
    const character = text.text[text.at] as string;
    if (character === '#') text.skipLine();
    else if (character === '\n') this.#endLine(list);
    else if (list.place === 'test' && /[&|()<>;]/.test(character)) text.at++;
    else if (/[;&|]/.test(character)) this.#readSeparator(list);
    else if (character === '<' || character === '>') this.#readRedirection(end);
    else if (character === '(') this.#readBracket(list);
    else if (character === ')') {
      text.at++;
      list.place = 'command';
    } else this.#takeWord(list, text.readWord(this.readCommands, end), end);
  }

  #endLine(list: List): void {
    const text = this.#text;
    text.at++;
    for (const { end, isIndented } of this.#hereDocuments.splice(0)) {
      while (!text.isAtEnd) {
        const begin = text.at;
        text.skipLine();
        const line = text.text.slice(begin, text.at);
        text.at++;
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
    if (list.place !== 'pattern' && list.place !== 'test') this.#begin(list);
  }

  #begin(list: List): void {
    list.place = 'command';
    list.command = undefined;
    list.isFind = false;
    list.prefix = undefined;
  }

  #readSeparator(list: List): void {
    const text = this.#text;
    const [separator = ''] =
      /^(?:;;&|;;|;&|;|&&|&>>|&>|&|\|\||\|&|\|)/.exec(text.text.slice(text.at, text.at + 3)) ?? [];
    text.at += separator.length;
    if (separator.startsWith('&>')) this.#readTarget(undefined);
    else if (separator.length > 1 && separator.startsWith(';') && list.cases > 0) list.place = 'pattern';
    else if (list.place !== 'pattern') this.#begin(list);
  }

  #readRedirection(end: ')' | '`' | undefined): void {
    const text = this.#text;
    const [operator = ''] =
      /^(?:<<<|<<-|<<|[<>]\(|[<>]{1,2}[&|]?|<>)/.exec(text.text.slice(text.at, text.at + 3)) ?? [];
    text.at += operator.length;
    if (operator.endsWith('(')) this.readCommands(')');
    else if (operator === '<<' || operator === '<<-') {
      const { literal } = this.#readTarget(end);
      if (literal !== undefined) this.#hereDocuments.push({ end: literal, isIndented: operator === '<<-' });
    } else this.#readTarget(end);
  }

  #readTarget(end: ')' | '`' | undefined): ShellWord {
    this.#text.skipBlanks();
    return this.#text.readWord(this.readCommands, end);
  }

  /** A subshell, an arithmetic command, or the brackets of a function. */
  #readBracket(list: List): void {
    const text = this.#text;
    const isArithmetic = text.startsWith('((');
    text.at += isArithmetic ? 2 : 1;
    if (list.place === 'pattern') return;
    if (isArithmetic) {
      text.skipNested('(', ')', this.readCommands);
      if (text.startsWith(')')) text.at++;
      return;
    }
    const isFunction =
      list.place === 'arguments' &&
      list.command !== undefined &&
      /^\s*\)/.test(text.text.slice(text.at, text.at + 8));
    if (isFunction) this.functions.add(list.command ?? '');
    this.readCommands(')');
    if (isFunction) this.#begin(list);
    else list.place = 'arguments';
  }

  #takeWord(list: List, word: ShellWord, end: ')' | '`' | undefined): void {
    const { literal, isPlain } = word;
    const keyword = isPlain ? literal : undefined;
    switch (list.place) {
      case 'test':
        if (keyword === ']]') list.place = 'arguments';
        return;
      case 'pattern':
        if (keyword !== 'esac') return;
        list.cases--;
        list.place = 'arguments';
        return;
      case 'arguments':
        // `find … -exec PROGRAM`
        if (list.isFind && /^-(?:exec|execdir|ok|okdir)$/.test(literal ?? '')) list.place = 'command';
        return;
      case 'command':
        if (keyword !== undefined && list.prefix === undefined && this.#takeKeyword(list, keyword, end))
          return;
        this.#takeCommand(list, word);
    }
  }

  /** @returns whether it is one */
  #takeKeyword(list: List, word: string, end: ')' | '`' | undefined): boolean {
    switch (word) {
      case 'if':
      case 'then':
      case 'elif':
      case 'else':
      case 'do':
      case 'while':
      case 'until':
      case '!':
      case '{':
        return true;
      case 'fi':
      case 'done':
      case '}':
      case 'for':
      case 'select':
        list.place = 'arguments';
        return true;
      case 'esac':
        list.cases = Math.max(0, list.cases - 1);
        list.place = 'arguments';
        return true;
      case '[[':
        list.place = 'test';
        return true;
      case 'function':
        this.functions.add(this.#readTarget(end).literal ?? '');
        list.place = 'command';
        return true;
      case 'case':
        this.#readTarget(end);
        this.#skipLines();
        this.#readTarget(end);
        list.cases++;
        list.place = 'pattern';
        return true;
      default:
        return false;
    }
  }

  #skipLines(): void {
    const text = this.#text;
    for (text.skipBlanks(); text.startsWith('\n'); text.skipBlanks()) text.at++;
  }

  #takeCommand(list: List, { literal, begin }: ShellWord): void {
    const isBeforeRedirection = /^[<>]/.test(this.#text.text[this.#text.at] ?? '');
    // A number before a redirection is a descriptor.
    if (literal !== undefined && /^\d+$/.test(literal) && isBeforeRedirection) return;
    if (ASSIGNMENT.test(begin)) {
      this.#skipArray(begin);
      return;
    }
    if (list.prefix !== undefined && literal !== undefined && !this.#passesPrefix(list.prefix, literal, list))
      return;
    list.place = 'arguments';
    list.prefix = undefined;
    list.command = literal;
    list.isFind ||= literal === 'find';
    if (literal === undefined || !NAME.test(literal)) return;
    this.names.add(literal);
    const prefix = Object.hasOwn(PREFIXES, literal) ? PREFIXES[literal] : undefined;
    if (prefix === undefined) return;
    list.place = 'command';
    list.prefix = { operands: prefix.operands ?? 0, valued: prefix.valued ?? '' };
  }

  /** `name=(…)` */
  #skipArray(assignment: string): void {
    const text = this.#text;
    if (!assignment.endsWith('=') || !text.startsWith('(')) return;
    text.at++;
    text.skipNested('(', ')', this.readCommands);
  }

  /** @returns whether the word is the command that the prefix starts */
  #passesPrefix(prefix: { operands: number; valued: string }, word: string, list: List): boolean {
    if (word.startsWith('-')) {
      // `command -v NAME` starts nothing.
      if (/^-[vV]$/.test(word)) list.place = 'arguments';
      if (word.length === 2 && prefix.valued.includes(word.charAt(1))) this.#readTarget(undefined);
      return false;
    }
    if (prefix.operands === 0) return true;
    prefix.operands--;
    return false;
  }
}
