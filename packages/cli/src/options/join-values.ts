import { FOREIGN_OPTIONS } from './foreign-words.js';
import type { OptionDefinitions } from './option.js';
import { bareValue, takesNext } from './takes-next.js';
import { UsageError } from './usage-error.js';

/** As docker run has it: -it, -dit, -ti */
const TERMINAL = /^-(?=.*i)[dit]+$/;

/** A command line, cut where its options end. */
export interface CutLine {
  readonly options: readonly string[];
  /** All that follows, untouched. */
  readonly operands: readonly string[];
}

/**
 * Options with their values in one word (`--env=A=1`), however docker's users write them: `-e A=1`, `-eA=1`, `-ie A=1`,
 * `--env A=1`, also where the value begins with a dash. They end at the first word that is none, or at `--`.
 *
 * @returns one word an option: `--name`, `--name=value`; what is no known option stays as it was written
 * @throws UsageError  a value is missing; -it, which means another thing in docker run
 */
export function joinValues(args: readonly string[], definitions: OptionDefinitions): CutLine {
  const names = new Map(Object.entries(definitions).map(([name, { alias = '' }]) => [alias, name]));
  const takesValue = (name: string, next: string | undefined) => takesNext(definitions[name], next);
  const joined: string[] = [];
  const rest = [...args];
  const withoutValue = (name: string, word: string) => {
    const definition = definitions[name];
    const bare = definition === undefined ? undefined : bareValue(definition);
    joined.push(bare === undefined || word.includes('=') ? word : `${word}=${bare}`);
  };
  const withValue = (name: string, value: string | undefined) => {
    if (value === undefined) throw new UsageError(`--${name}: the value is missing`);
    joined.push(`--${name}=${value}`);
  };

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') return { options: joined, operands: rest };
    if (word === '-' || !word.startsWith('-')) return { options: joined, operands: [word, ...rest] };
    if (word.startsWith('--')) {
      const name = word.slice(2);
      if (takesValue(name, rest[0])) withValue(name, rest.shift());
      else withoutValue(name, word);
      continue;
    }
    for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
      const letter = letters.charAt(0);
      const name = names.get(letter);
      if (name === 'tag' && TERMINAL.test(word))
        throw new UsageError(`${word}: IMAGE would be taken for a name`, FOREIGN_OPTIONS.get('it'));
      const attached = letters.slice(1).replace(/^=/, '');
      if (name !== undefined && takesValue(name, attached || rest[0])) {
        withValue(name, letters.length > 1 ? attached : rest.shift());
        break;
      }
      if (name === undefined) joined.push(`-${letter}`);
      else withoutValue(name, `--${name}`);
      // One unknown letter is enough to complain about.
      if (name === undefined) break;
    }
  }
  return { options: joined, operands: [] };
}
