import parseWords from 'yargs-parser';
import {
  type CommandDefinition,
  type CommandLine,
  type Operand,
  optionsOf,
  shownGroups,
} from './command-definition.js';
import { environmentArguments } from './environment-arguments.js';
import { FOREIGN_OPTIONS } from './foreign-words.js';
import { type CutLine, joinValues } from './join-values.js';
import { didYouMean } from './nearest-name.js';
import { operandsLast } from './operands-last.js';
import type { Option, OptionDefinitions, OptionGroup } from './option.js';
import { orList } from './or-list.js';
import { readValue } from './read-value.js';
import { RUN_OPTIONS } from './run-options.js';
import { UsageError } from './usage-error.js';
import { writtenOption } from './written-option.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read the command line of a command, and the variables that set its options.
 *
 * @param args  what follows the command's name
 * @returns     typed as the definition says, or 'help' (`--help`, `-h`) or 'help-all' (`--help --all`) for the asking
 * @throws UsageError
 * @example parseCommandLine(['--manifest', 'm.json', '/bin/sh'], WHY, {})
 * // { options: { manifest: 'm.json' }, operands: ['/bin/sh'] }
 */
export function parseCommandLine<Groups extends readonly OptionGroup[], Operands extends readonly Operand[]>(
  args: readonly string[],
  command: CommandDefinition<Groups, Operands>,
  environment: Environment,
): CommandLine<Groups, Operands> | 'help' | 'help-all' {
  const own = optionsOf(command);
  const manifestAt = command.operands.findIndex(({ name }) => /^MANIFEST\b/.test(name));
  const isNamed = manifestAt >= 0 && own.manifest === undefined;
  const definitions = isNamed ? { ...own, manifest: MANIFEST_OPTION } : own;
  if (asksForHelp(args, definitions)) return 'help';
  const { options: given, operands: words } = cutLine(args, command, definitions);
  if (given.includes('--help')) return given.includes('--all') ? 'help-all' : 'help';
  const all = [...environmentArguments(environment, own), ...given];
  for (const word of all) requireKnown(word, command, definitions);
  const { manifest, ...others } = readOptions(all, definitions);
  const isMoved = isNamed && typeof manifest === 'string';
  const operands = isMoved ? words.toSpliced(manifestAt, 0, manifest) : words;
  const options = isNamed ? others : { ...others, ...(own.manifest && { manifest }) };
  requireOperands(operands, command);
  requireOptions(options, command, own);
  // Each value was read as its definition says; TypeScript cannot follow it from the names to the types.
  return { options, operands, passedOver: passedOver(command, options) } as CommandLine<Groups, Operands>;
}

/** A manifest that is read stands among the operands; named by the option that writes one, it is understood as well. */
const MANIFEST_OPTION: Option = { type: 'text', value: 'FILE', description: 'The manifest' };

/** By `-h`: alone where it is a letter of the command's own (the host name), and before the operands elsewhere. */
function asksForHelp(args: readonly string[], definitions: OptionDefinitions): boolean {
  const isTaken = Object.values(definitions).some(({ alias }) => alias === 'h');
  return args[0] === '-h' && (args.length === 1 || !isTaken);
}

function cutLine(
  args: readonly string[],
  { placing }: Pick<CommandDefinition, 'placing'>,
  definitions: OptionDefinitions,
): CutLine {
  if (placing === 'leading') return joinValues(args, definitions);
  const { options, operands } = operandsLast(args, definitions);
  const joined = joinValues(options, definitions);
  return { options: joined.options, operands: [...joined.operands, ...operands] };
}

function requireKnown(
  word: string,
  { name, placing, groups }: Pick<CommandDefinition, 'name' | 'placing' | 'groups'>,
  definitions: OptionDefinitions,
): void {
  const takesRunOptions = groups.includes(RUN_OPTIONS);
  const option = word.replace(/=.*$/s, '');
  const plain = option.replace(/^--?/, '');
  if (option.startsWith('--') && definitions[plain] !== undefined) return;
  if (/^--no-/.test(option) && definitions[plain.slice('no-'.length)]?.type === 'flag') return;
  const answer = takesRunOptions ? FOREIGN_OPTIONS.get(plain) : undefined;
  if (answer !== undefined) throw new UsageError(`there is no option ${option}`, answer);
  const names = option.startsWith('--') ? Object.keys(optionsOf({ groups: shownGroups({ groups }) })) : [];
  throw new UsageError(
    `there is no option ${option}${didYouMean(plain, names, (meant) => `--${meant}`)}`,
    `'keepset ${name} --help' lists them${placing === 'leading' ? '; options of the command go after IMAGE' : ''}.`,
  );
}

/** What was given of groups that change nothing, for people. */
function passedOver(
  { groups }: Pick<CommandDefinition, 'groups'>,
  values: Readonly<Record<string, unknown>>,
): readonly string[] {
  return groups.flatMap(({ options, because }) => {
    const given = Object.keys(options).filter((name) => isGiven(values[name]));
    if (because === undefined || given.length === 0) return [];
    return [`${given.map((name) => `--${name}`).join(', ')}: passed over, since ${because}`];
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** @param words  one an option, known */
function readOptions(
  words: readonly string[],
  definitions: OptionDefinitions,
): Readonly<Record<string, unknown>> {
  const all = Object.entries(definitions);
  const namesOf = (isOne: (option: Option) => boolean) =>
    all.flatMap(([name, option]) => (isOne(option) ? [name] : []));
  const { _, ...parsed } = parseWords([...words], {
    boolean: namesOf(({ type }) => type === 'flag'),
    string: namesOf(({ type }) => type !== 'flag'),
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    },
  });
  return Object.fromEntries(all.map(([name, option]) => [name, readValue(name, option, parsed[name])]));
}

function requireOperands(
  words: readonly string[],
  { name, usage, operands, placing }: Pick<CommandDefinition, 'name' | 'usage' | 'operands' | 'placing'>,
): void {
  const hint = `'keepset ${usage[0]}'; 'keepset ${name} --help' says more.`;
  const missing = operands.find(({ optional }, index) => optional !== true && words[index] === undefined);
  if (missing !== undefined) throw new UsageError(`no ${missing.noun} given`, hint);
  for (const [index, { noun, choices }] of operands.entries())
    if (choices?.includes(words[index] ?? '') === false)
      throw new UsageError(`there is no ${noun} '${words[index]}'`, `Use ${orList(choices)}.`);
  const surplus = words[operands.length];
  if (surplus === undefined || operands.at(-1)?.repeatable === true) return;
  const isLate = placing === 'leading' && surplus.startsWith('-');
  throw new UsageError(`unexpected argument '${surplus}'`, isLate ? 'Options go before IMAGE.' : hint);
}

function requireOptions(
  values: Readonly<Record<string, unknown>>,
  { placing }: Pick<CommandDefinition, 'placing'>,
  definitions: OptionDefinitions,
): void {
  for (const [name, option] of Object.entries(definitions)) {
    if (!('required' in option) || isGiven(values[name])) continue;
    const place = placing === 'leading' ? ', before IMAGE' : '';
    throw new UsageError(
      `no ${option.required} given`,
      `Give it with ${writtenOption(name, option, 'short')}${place}.`,
    );
  }
}
