import { parse } from 'shell-quote';
import type { Options } from 'yargs';
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
  return [...args, ...dockerFlags(environment.DOCKER_FLAGS ?? '')];
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

function dockerFlags(text: string): string[] {
  return parse(text).map((word) => {
    if (typeof word === 'string') return word;
    const shown = 'op' in word ? word.op : 'comment';
    throw new UsageError(`DOCKER_FLAGS holds '${shown}', which only a shell understands`, 'Quote it.');
  });
}
