/**
 * What strace prints between a call's parentheses, as a tree. The tree keeps how each thing was spelled, so
 * that {@link printArgument} gives the text back.
 */
export type Argument =
  | StringArgument
  | NumberArgument
  | SymbolArgument
  | EllipsisArgument
  | StructArgument
  | ArrayArgument
  | SetArgument
  | CallArgument
  | OperationArgument
  | UnaryArgument
  | ChangeArgument
  | FieldArgument
  | AnnotatedArgument
  | CommentedArgument
  | RemarkArgument
  | TextArgument;

/** `"…"`: bytes that the program passed or got. */
export interface StringArgument {
  readonly kind: 'string';
  /** A byte string: one UTF-16 unit per byte. */
  readonly value: string;
  /** -x or -xx: every byte is printed as `\xNN`. */
  readonly style?: 'hex';
  /** `...` follows the closing quote: strace has cut the string (-s). */
  readonly cut?: true;
  /** `@` precedes it: the name of an abstract socket. */
  readonly abstract?: true;
  /** The text between the quotes, when it is not what this strace would print for these bytes. */
  readonly spelling?: string;
}

/** A number in any base: `79`, `-1`, `0644`, `0x7f00`. */
export interface NumberArgument {
  readonly kind: 'number';
  readonly value: number | bigint;
  readonly text: string;
}

/** A name or a word: `O_RDONLY`, `NULL`, `AT_FDCWD`, `???`, `00:11:22:33:44:55`. */
export interface SymbolArgument {
  readonly kind: 'symbol';
  readonly name: string;
}

/** `...`: there is more, not printed. */
export interface EllipsisArgument {
  readonly kind: 'ellipsis';
}

/** `{…}`: fields (`st_size=79`) or values by position. */
export interface StructArgument {
  readonly kind: 'struct';
  readonly items: readonly Argument[];
  /** What is between the items, where it is not `, ` throughout. */
  readonly separators?: readonly string[];
}

/** `[…]`, items separated by commas. */
export interface ArrayArgument {
  readonly kind: 'array';
  readonly items: readonly Argument[];
  readonly separators?: readonly string[];
}

/** `[HUP INT]`, `~[RTMIN RT_1]`: items separated by blanks; with `~`, all but these. */
export interface SetArgument {
  readonly kind: 'set';
  readonly items: readonly Argument[];
  readonly complement: boolean;
}

/** `makedev(0x88, 0)`, `WIFEXITED(s)`, `htons(80)`. */
export interface CallArgument {
  readonly kind: 'call';
  readonly name: string;
  readonly items: readonly Argument[];
  readonly separators?: readonly string[];
}

/** `O_RDWR|O_CREAT`, `1<<CAP_CHOWN`, `8192*1024`, `0..5`, `A or B`, `WIFEXITED(s) && WEXITSTATUS(s) == 0`. */
export interface OperationArgument {
  readonly kind: 'operation';
  readonly operands: readonly Argument[];
  /** One fewer than operands; with the blanks around them. */
  readonly operators: readonly string[];
}

/** `~0`, `&sin6_addr`, `!x`. */
export interface UnaryArgument {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operand: Argument;
}

/** `[110 => 24]`, `{…} => {…}`: before and after the call. */
export interface ChangeArgument {
  readonly kind: 'change';
  readonly before: Argument | undefined;
  readonly after: Argument;
}

/** `name=value` in a structure, `[INDEX]=value` in an array, and every argument under -N. */
export interface FieldArgument {
  readonly kind: 'field';
  readonly name: Argument;
  readonly value: Argument;
}

/** `3</etc/passwd>`, `AT_FDCWD</tmp>`, `4</x>(deleted)`, `24087<bash>`; with --secontext also `"x" [context]`. */
export interface AnnotatedArgument {
  readonly kind: 'annotated';
  readonly value: Argument;
  /** What is between the brackets, as printed (still escaped; see `unescapeC`). */
  readonly note?: string;
  readonly deleted?: true;
  /** Security context. */
  readonly context?: string;
}

/** A value with its comment, or with another remark after it (` <unfinished ...>`): the hexadecimal number and the names that it stands for (-X verbose). */
export interface CommentedArgument {
  readonly kind: 'commented';
  readonly value: Argument;
  /** With its slashes and stars, and the blank between it and the value. */
  readonly comment: string;
  readonly before?: true;
}

/** strace's own words in place of a value: `<... resuming interrupted nanosleep ...>`, ` <unfinished ...>`. */
export interface RemarkArgument {
  readonly kind: 'remark';
  readonly text: string;
}

/** What fits none of these, as it stands; also the empty argument after a trailing comma. */
export interface TextArgument {
  readonly kind: 'text';
  readonly text: string;
}
