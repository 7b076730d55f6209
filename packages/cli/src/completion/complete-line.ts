import {
  type CommandDefinition,
  type Operand,
  optionsOf,
  shownGroups,
} from '../options/command-definition.js';
import { describeBriefly } from '../options/describe-option.js';
import type { Option, OptionDefinitions } from '../options/option.js';
import { takesNext } from '../options/takes-next.js';

/** What may stand where the cursor is. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Whether the names of files fit as well, which the shell knows. */
  readonly files: boolean;
  /** Whether the names of images fit, which the engine knows. */
  readonly images: boolean;
}

interface Candidate {
  readonly word: string;
  readonly does: string;
}

/**
 * Complete the last word of a command line.
 *
 * @param words  what follows 'keepset'; the last one is not finished, and may be empty
 * @returns      candidates that begin as the last word does
 * @example completeLine(['shr'], commands) // { candidates: [{ word: 'shrink', does: 'shrink IMAGE to …' }], … }
 */
export function completeLine(words: readonly string[], commands: readonly CommandDefinition[]): Completion {
  const last = words.at(-1) ?? '';
  const { candidates, ...others } = completionOf(words, commands);
  return { candidates: candidates.filter(({ word }) => word.startsWith(last)), ...others };
}

const NOTHING: Completion = { candidates: [], files: false, images: false };

function completionOf(words: readonly string[], commands: readonly CommandDefinition[]): Completion {
  const [name = '', ...rest] = words;
  const names = commands.map((command) => ({ word: command.name, does: command.summary }));
  if (rest.length === 0) return { ...NOTHING, candidates: [...names, ...GENERAL] };
  if (name === 'help') return { ...NOTHING, candidates: rest.length === 1 ? names : [] };
  const command = commands.find((each) => each.name === name);
  return command === undefined ? NOTHING : completeArguments(rest, command);
}

const HELP = { word: '--help', does: 'Print the help' };
const GENERAL = [
  HELP,
  { word: 'help', does: 'print the help of a command' },
  { word: '--version', does: 'Print the version' },
];

function completeArguments(words: readonly string[], command: CommandDefinition): Completion {
  const { placing, operands } = command;
  const definitions = optionsOf({ groups: shownGroups(command) });
  const last = words.at(-1) ?? '';
  const { count, pending, areOver } = scan(words.slice(0, -1), definitions, placing);
  if (pending !== undefined) return valuesOf(pending);
  if (areOver) return operandsAt(operands, count);
  const [, written = '', name = ''] = /^(--([^=]+)=)/.exec(last) ?? [];
  const option = definitions[name];
  if (option !== undefined) {
    const { candidates, ...others } = valuesOf(option);
    return { ...others, candidates: candidates.map(({ word, does }) => ({ word: written + word, does })) };
  }
  return last.startsWith('-')
    ? { ...NOTHING, candidates: [...optionWords(definitions), HELP] }
    : operandsAt(operands, count);
}

interface Scan {
  /** How many operands there are. */
  readonly count: number;
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** What comes next is no option. */
  readonly areOver: boolean;
}

/** The finished words of a command line that is being written. */
function scan(
  words: readonly string[],
  definitions: OptionDefinitions,
  placing: CommandDefinition['placing'],
): Scan {
  let count = 0;
  let pending: Option | undefined;
  let areOver = false;
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined;
    } else if (!areOver && word === '--') {
      areOver = true;
    } else if (!areOver && word.startsWith('-') && word !== '-') {
      const option = optionOf(word, definitions);
      // Of a number that may be left out, the next word is asked; an empty one is none.
      pending = takesNext(option, '') ? option : undefined;
    } else {
      count += 1;
      areOver ||= placing === 'leading';
    }
  }
  return { count, pending, areOver };
}

/** Of `--tag`, `-t`, `-it`; none where the word holds the value as well. */
function optionOf(word: string, definitions: OptionDefinitions): Option | undefined {
  if (word.startsWith('--')) return definitions[word.slice(2)];
  return Object.values(definitions).find(({ alias }) => alias !== undefined && word.endsWith(alias));
}

function optionWords(definitions: OptionDefinitions): readonly Candidate[] {
  return Object.entries(definitions).map(([name, option]) => ({
    word: option.type === 'flag' && option.default === true ? `--no-${name}` : `--${name}`,
    does: describeBriefly(option).replaceAll('`', ''),
  }));
}

function valuesOf(option: Option): Completion {
  if (option.type === 'choice')
    return { ...NOTHING, candidates: option.choices.map((word) => ({ word, does: '' })) };
  return option.type === 'text' ? placesIn(option.value) : NOTHING;
}

function operandsAt(operands: readonly Operand[], index: number): Completion {
  const last = operands.at(-1);
  const operand = operands[index] ?? (last?.repeatable ? last : undefined);
  if (operand === undefined) return NOTHING;
  if (operand.choices !== undefined)
    return { ...NOTHING, candidates: operand.choices.map((word) => ({ word, does: '' })) };
  return placesIn(`${operand.name} ${operand.noun}`.toUpperCase());
}

/** By what a value is called. */
function placesIn(name: string): Completion {
  return {
    candidates: [],
    files: /\b(FILE|DIR|MANIFEST|LIST)\b/.test(name),
    images: /\b(IMAGE|RESULT)\b/.test(name),
  };
}
