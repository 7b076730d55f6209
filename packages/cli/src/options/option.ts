/** What every option says of itself; help, documents and messages are made of it. */
interface Described {
  /** The short form: one letter. */
  readonly alias?: string;
  /**
   * What it does, as a sentence without its full stop; plain text, with `code` for values. Of a flag that is on by
   * default, what its `--no-` form does.
   */
  readonly description: string;
  /** What holds where it is not given, in words; a plain value is a `default`. */
  readonly defaultText?: string;
}

/** On or off: `--name`, `--no-name`. Without a default it may be neither. */
interface FlagOption extends Described {
  readonly type: 'flag';
  readonly default?: boolean;
}

/** Any text. */
interface TextOption extends Described {
  readonly type: 'text';
  /** What the value is called: FILE. */
  readonly value: string;
  /** Each value counts; else the last one does. */
  readonly repeatable?: true;
  readonly default?: string;
  /** The command cannot do without: what the value is, for the message that it is missing. */
  readonly required?: string;
  /** What it is where it is given alone; a value then follows in the same word: `--name=VALUE`. Without this, one must. */
  readonly bare?: string;
}

/** One of a few words. */
interface ChoiceOption extends Described {
  readonly type: 'choice';
  readonly choices: readonly string[];
  /** Each value counts; else the last one does. */
  readonly repeatable?: true;
  readonly default?: string;
  /** The command cannot do without: what the value is, for the message that it is missing. */
  readonly required?: string;
}

/** A whole number. */
export interface NumberOption extends Described {
  readonly type: 'number';
  readonly value: string;
  readonly min: number;
  readonly max?: number;
  readonly default?: number;
  /** What it is where no number follows it; without this, one must. */
  readonly bare?: number;
}

export type Option = FlagOption | TextOption | ChoiceOption | NumberOption;

/** Options by their long names, without the dashes. */
export type OptionDefinitions = Readonly<Record<string, Option>>;

type Given<Definition extends Option> = Definition extends FlagOption
  ? boolean
  : Definition extends NumberOption
    ? number
    : Definition extends { readonly choices: readonly (infer Choice)[] }
      ? Definition extends { readonly repeatable: true }
        ? readonly Choice[]
        : Choice
      : Definition extends { readonly repeatable: true }
        ? readonly string[]
        : string;

/** What a command is given for an option: a list is empty, anything else undefined where it was left out. */
type OptionValue<Definition extends Option> = Definition extends
  | { readonly repeatable: true }
  | { readonly default: boolean | number | string }
  | { readonly required: string }
  ? Given<Definition>
  : Given<Definition> | undefined;

/** The values of options, by their names. */
export type OptionValues<Definitions extends OptionDefinitions> = {
  readonly [Name in keyof Definitions]: OptionValue<Definitions[Name]>;
};

/** Options that belong together, under one title. */
export interface OptionGroup<Definitions extends OptionDefinitions = OptionDefinitions> {
  readonly title: string;
  readonly options: Definitions;
  /** They are understood, and shown nowhere: words of other programs. */
  readonly isHidden?: true;
  /** Why they change nothing; what is given of them is reported. */
  readonly because?: string;
}

/**
 * @param title  as help and documents print it
 * @example optionGroup('Options', { json: { type: 'flag', description: 'Print JSON' } })
 */
export function optionGroup<const Definitions extends OptionDefinitions>(
  title: string,
  options: Definitions,
): OptionGroup<Definitions> {
  return { title, options };
}

/** The values of a group's options. */
export type GroupValues<Group extends OptionGroup> = OptionValues<Group['options']>;
