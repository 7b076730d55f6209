import type { Options } from 'yargs';
import { UsageError } from './usage-error.js';

/**
 * Options with their values in one word (`--env=A=1`), however docker's users write them: `-e A=1`, `-eA=1`, `-ie A=1`,
 * `--env A=1`, also where the value begins with a dash. What follows the options is left alone.
 *
 * @throws UsageError  -it, which means another thing in docker run
 * @returns as many words as yargs understands without doubt; what is no known option is passed on for it to refuse
 */
export function joinValues(
  args: readonly string[],
  definitions: Readonly<Record<string, Options>>,
): readonly string[] {
  const names = new Map(Object.entries(definitions).map(([name, { alias }]) => [String(alias ?? ''), name]));
  const takesValue = (name: string) =>
    definitions[name] !== undefined && definitions[name].type !== 'boolean';
  const joined: string[] = [];
  const rest = [...args];
  const withValue = (name: string, value: string | undefined) =>
    joined.push(value === undefined ? `--${name}` : `--${name}=${value}`);

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--' || word === '-' || !word.startsWith('-')) return [...joined, word, ...rest];
    if (word.startsWith('--')) {
      const name = word.slice(2);
      if (takesValue(name)) withValue(name, rest.shift());
      else joined.push(word);
      continue;
    }
    for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
      const letter = letters.charAt(0);
      const name = names.get(letter);
      if (name === 'tag' && word === '-it')
        throw new UsageError(
          '-it: here -t is the name of the result, and IMAGE would be taken for it',
          'Write -i --tty for a terminal, or -i -t NAME.',
        );
      if (name !== undefined && takesValue(name)) {
        const attached = letters.slice(1).replace(/^=/, '');
        withValue(name, letters.length > 1 ? attached : rest.shift());
        break;
      }
      joined.push(name === undefined ? `-${letter}` : `--${name}`);
      // One unknown letter is enough to be told of.
      if (name === undefined) break;
    }
  }
  return joined;
}
