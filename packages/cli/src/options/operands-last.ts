import type { CutLine } from './join-values.js';
import type { Option, OptionDefinitions } from './option.js';
import { takesNext } from './takes-next.js';

/**
 * Options apart from the words that are none, for commands after which no other program's command follows: there an
 * option may stand anywhere. What follows `--` is no option.
 *
 * @returns options as they were written: a value may be a word of its own
 */
export function operandsLast(args: readonly string[], definitions: OptionDefinitions): CutLine {
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
    const definition = definitionOf(word.replace(/^--?/, ''), definitions);
    const next = args[at + 1];
    if (next !== undefined && takesNext(definition, next)) options.push(args[++at] ?? '');
  }
  return { options, operands };
}

function definitionOf(name: string, definitions: OptionDefinitions): Option | undefined {
  return definitions[name] ?? Object.values(definitions).find(({ alias }) => alias === name);
}
