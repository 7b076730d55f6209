import { parse } from 'shell-quote';
import type { Options } from 'yargs';
import { joinValues } from './join-values.js';
import { UsageError } from './usage-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment adds in front of the command line, so that the command line wins: a KEEPSET_… variable for
 * each option (lists: one value a line), then the words of DOCKER_FLAGS.
 *
 * @example KEEPSET_READ_ONLY=true, DOCKER_FLAGS='-e A=1' → ['--read-only', '-e', 'A=1']
 */
export function environmentArguments(
  environment: Environment,
  definitions: Readonly<Record<string, Options>>,
): string[] {
  const args: string[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const variable = variableName(name);
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    if (definition.type === 'boolean') args.push(booleanArgument(name, variable, value));
    else for (const one of definition.array ? value.split('\n') : [value]) args.push(`--${name}=${one}`);
  }
  return [...args, ...dockerFlags(environment.DOCKER_FLAGS ?? '', definitions)];
}

/** read-only → KEEPSET_READ_ONLY */
function variableName(option: string): string {
  return `KEEPSET_${option.toUpperCase().replaceAll('-', '_')}`;
}

function booleanArgument(name: string, variable: string, value: string): string {
  if (/^(1|true|yes|on)$/i.test(value)) return `--${name}`;
  if (/^(0|false|no|off)$/i.test(value)) return `--no-${name}`;
  throw new UsageError(`${variable}=${value}: not valid`, 'Use true or false.');
}

/** Options in docker's own meaning: there -t is --tty. */
function dockerFlags(text: string, definitions: Readonly<Record<string, Options>>): readonly string[] {
  const words = parse(text).map((word) => {
    if (typeof word === 'string') return word;
    const shown = 'op' in word ? word.op : 'comment';
    throw new UsageError(`DOCKER_FLAGS holds '${shown}', which only a shell understands`, 'Quote it.');
  });
  const { tag, tty, ...others } = definitions;
  const joined = joinValues(words, { ...others, ...(tty && { tty: { ...tty, alias: 't' } }) });
  const stray = joined.find((word) => !word.startsWith('-') || word === '--' || word === '-');
  if (stray !== undefined)
    throw new UsageError(
      `DOCKER_FLAGS holds '${stray}', which is no option`,
      'IMAGE and command go on the command line.',
    );
  return joined;
}
