import { parse } from 'shell-quote';
import { joinValues } from './join-values.js';
import type { OptionDefinitions } from './option.js';
import { isList } from './read-value.js';
import { UsageError } from './usage-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment adds in front of the command line, so that the command line wins: a KEEPSET_… variable for
 * each option (lists: one value a line), then the words of DOCKER_FLAGS.
 *
 * @returns one word an option
 * @throws UsageError
 * @example KEEPSET_READ_ONLY=true, DOCKER_FLAGS='-e A=1' → ['--read-only', '--env=A=1']
 */
export function environmentArguments(
  environment: Environment,
  definitions: OptionDefinitions,
): readonly string[] {
  const args: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const variable = variableOf(name);
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    if (definition.type === 'flag') {
      args.push(flagArgument(name, variable, value));
      continue;
    }
    for (const one of isList(definition) ? value.split('\n') : [value]) args.push(`--${name}=${one}`);
  }
  return [...args, ...dockerFlags(environment.DOCKER_FLAGS ?? '', definitions)];
}

/**
 * The variable that sets an option.
 *
 * @example variableOf('read-only') // 'KEEPSET_READ_ONLY'
 */
export function variableOf(option: string): string {
  return `KEEPSET_${option.toUpperCase().replaceAll('-', '_')}`;
}

function flagArgument(name: string, variable: string, value: string): string {
  if (/^(1|true|yes|on)$/i.test(value)) return `--${name}`;
  if (/^(0|false|no|off)$/i.test(value)) return `--no-${name}`;
  throw new UsageError(`${variable}=${value}: not valid`, 'Use true or false.');
}

/** Options with the meaning that they have for docker: there -t is --tty. */
function dockerFlags(text: string, definitions: OptionDefinitions): readonly string[] {
  const words = parse(text).map((word) => {
    if (typeof word === 'string') return word;
    const shown = 'op' in word ? word.op : 'comment';
    throw new UsageError(`DOCKER_FLAGS holds '${shown}', which only a shell understands`, 'Quote it.');
  });
  const { tag: _, tty, ...others } = definitions;
  const { options, operands } = joinValues(words, {
    ...others,
    ...(tty && { tty: { ...tty, alias: 't' } }),
  });
  const [stray] = operands;
  if (stray !== undefined)
    throw new UsageError(
      `DOCKER_FLAGS holds '${stray}', which is not an option`,
      'IMAGE and command go on the command line.',
    );
  return options;
}
