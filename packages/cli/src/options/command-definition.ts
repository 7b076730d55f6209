import type { OptionDefinitions, OptionGroup, OptionValues } from './option.js';

/** A word of the command line that is no option. */
export interface Operand {
  /** As the usage prints it: MANIFEST. */
  readonly name: string;
  /** For the message that it is missing: 'manifest'. */
  readonly noun: string;
  readonly optional?: true;
  /** It takes all the words that are left. */
  readonly repeatable?: true;
  /** It is one of these words. */
  readonly choices?: readonly string[];
}

/** What a command is for: the titles of the list of commands, in its order. */
export const TOPICS = [
  'Make an image',
  'See what was kept, and why',
  'Say what software is in it',
  'Keep it for years',
  'This machine',
] as const;

/** A command line that does something useful. */
interface Example {
  /** What it does: an imperative, without its full stop. */
  readonly does: string;
  /** As it is typed, without 'keepset'. */
  readonly line: string;
}

/** All that a command says of itself. Help, documents and the reading of a command line are made of it. */
export interface CommandDefinition<
  Groups extends readonly OptionGroup[] = readonly OptionGroup[],
  Operands extends readonly Operand[] = readonly Operand[],
> {
  readonly name: string;
  /** One line of the list of commands; an imperative, without its full stop. */
  readonly summary: string;
  /** Forms of the command line, without 'keepset'. */
  readonly usage: readonly [string, ...string[]];
  readonly topic: (typeof TOPICS)[number];
  /** What it does; one paragraph. */
  readonly description: string;
  readonly examples: readonly [Example, Example, ...Example[]];
  /** The options that most people need, by their names, where there are too many for one screen. */
  readonly usual?: readonly string[];
  /** What else must be known; one paragraph, behind the options. */
  readonly notes?: string;
  /**
   * `leading`: options end at the first operand, as in docker run, and what follows may look like options.
   * `anywhere`: options may follow operands; `--` ends them.
   */
  readonly placing: 'leading' | 'anywhere';
  readonly operands: Operands;
  readonly groups: Groups;
}

/** @example defineCommand({ name: 'prune', operands: [], groups: [], … }) */
export function defineCommand<
  const Groups extends readonly OptionGroup[],
  const Operands extends readonly Operand[],
>(definition: CommandDefinition<Groups, Operands>): CommandDefinition<Groups, Operands> {
  return definition;
}

type OptionsOf<Groups extends readonly OptionGroup[]> = Groups extends readonly [
  infer First extends OptionGroup,
  ...infer Rest extends readonly OptionGroup[],
]
  ? First['options'] & OptionsOf<Rest>
  : unknown;

type OperandValue<Each extends Operand> = Each extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : string;

/** What may be missing has no place of its own in the type: it is among the `string[]` at the end. */
type OperandValues<Operands extends readonly Operand[]> = Operands extends readonly [
  infer First extends Operand,
  ...infer Rest extends readonly Operand[],
]
  ? First extends { readonly optional: true }
    ? readonly string[]
    : First extends { readonly repeatable: true }
      ? readonly [string, ...string[]]
      : readonly [OperandValue<First>, ...OperandValues<Rest>]
  : readonly [];

/** A command line, understood: what a command works with. */
export interface CommandLine<Groups extends readonly OptionGroup[], Operands extends readonly Operand[]> {
  readonly options: OptionsOf<Groups> extends infer Options extends OptionDefinitions
    ? OptionValues<Options>
    : Readonly<Record<never, never>>;
  readonly operands: OperandValues<Operands>;
  /** What was given and changes nothing: lines for people. */
  readonly passedOver: readonly string[];
}

/** The command line of a defined command: `CommandLineOf<typeof WHY>`. */
export type CommandLineOf<Definition extends CommandDefinition> =
  Definition extends CommandDefinition<infer Groups, infer Operands> ? CommandLine<Groups, Operands> : never;

/** The groups that help and documents show. */
export function shownGroups({ groups }: Pick<CommandDefinition, 'groups'>): readonly OptionGroup[] {
  return groups.filter(({ isHidden }) => isHidden !== true);
}

/** All options of a command, by their names; any word may be looked up, also `constructor`. */
export function optionsOf({ groups }: Pick<CommandDefinition, 'groups'>): OptionDefinitions {
  return Object.assign(Object.create(null) as object, ...groups.map(({ options }) => options));
}
