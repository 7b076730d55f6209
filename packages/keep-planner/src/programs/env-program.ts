import { splitEnvString } from './split-env-string.js';

export interface EnvProgram {
  readonly program: string;
  /** The PATH that env itself sets for it. */
  readonly path?: string;
}

/** Options of env(1) that take the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(['-u', '--unset', '-C', '--chdir', '-a', '--argv0']);

/**
 * The program that `env` starts when it is a script's interpreter.
 *
 * @param argument  what follows `env` on the script's first line: one argument, so only `-S` can split it
 * @returns         undefined if it starts none
 * @see env(1)
 */
export function parseEnvProgram(argument: string): EnvProgram | undefined {
  const words = expandSplits([argument]);
  let path: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const assignment = /^([^=]*)=(.*)$/s.exec(word);
    if (WITH_VALUE.has(word)) index++;
    else if (word.startsWith('-')) continue;
    else if (assignment === null) return path === undefined ? { program: word } : { program: word, path };
    else if (assignment[1] === 'PATH') path = assignment[2];
  }
  return undefined;
}

/** `-S STRING`, `-SSTRING`, `-vS STRING`, `--split-string=STRING`: the words of STRING in its place. */
function expandSplits(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  const [, text] = /^(?:-[iv0]*S|--split-string=)(.*)$/s.exec(first ?? '') ?? [];
  if (text === undefined) return words;
  return [...expandSplits(splitEnvString(text)), ...rest];
}
