import type { Options } from 'yargs';

/**
 * Put options before the words that are none, for commands after which no command of another program's follows: there
 * an option may stand anywhere. What follows `--` is no option.
 */
export function operandsLast(
  args: readonly string[],
  definitions: Readonly<Record<string, Options>>,
): readonly string[] {
  const options: string[] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    options.push(word);
    const takesValue = definitionOf(word.replace(/^--?/, ''), definitions)?.type === 'string';
    if (takesValue && at + 1 < args.length) options.push(args[++at] ?? '');
  }
  return [...options, ...operands];
}

function definitionOf(name: string, definitions: Readonly<Record<string, Options>>): Options | undefined {
  return definitions[name] ?? Object.values(definitions).find(({ alias }) => alias === name);
}
