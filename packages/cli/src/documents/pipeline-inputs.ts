import type { CommandDefinition } from '../options/command-definition.js';
import { shownGroups } from '../options/command-definition.js';
import { describeOption } from '../options/describe-option.js';
import { variableOf } from '../options/environment-arguments.js';
import type { Option, OptionDefinitions } from '../options/option.js';
import { isList } from '../options/read-value.js';

/** Options that a step of a pipeline sets itself, or that mean a terminal. */
const NOT_INPUTS: readonly string[] = [
  'recorded',
  'suffix',
  'manifest',
  'report',
  'quiet',
  'json',
  'interactive',
  'tty',
];

/** What stands for one option, without its indentation. */
const FORMS: Readonly<Record<string, (name: string, option: Option) => readonly string[]>> = {
  /** Of action.yml, and of a GitLab component: both say it alike. */
  inputs: (name, option) => [
    `${name}:`,
    `  description: ${JSON.stringify(describeInput(option))}`,
    '  default: ""',
  ],
  'variables of an action': (name) => [`${variableOf(name)}: \${{ inputs.${name} }}`],
  // Not expanded: a value that holds $NAME is the user's, for the image.
  'variables of a component': (name) => [
    `${variableOf(name)}:`,
    `  value: $[[ inputs.${name} ]]`,
    '  expand: false',
  ],
};

const MARKED = /^( *)(# options of keepset shrink: (.*)\n)(?:.*\n)*?( *# end of options\n)/gm;

/**
 * Write the options of a command into a pipeline's file, each between two marks that say in which form:
 * `# options of keepset shrink: inputs` and `# end of options`. All else stays as it is.
 *
 * @throws RangeError  a mark names a form that there is not
 */
export function fillInputs(document: string, command: CommandDefinition): string {
  return document.replace(MARKED, (_, space: string, begin: string, form: string, end: string) => {
    const write = FORMS[form];
    if (write === undefined) throw new RangeError(`'${form}' is no form of options`);
    const lines = Object.entries(inputsOf(command)).flatMap(([name, option]) => write(name, option));
    return `${space}${begin}${lines.map((line) => `${space}${line}\n`).join('')}${end}`;
  });
}

/** The options that are inputs of a step. */
function inputsOf(command: CommandDefinition): OptionDefinitions {
  const options = shownGroups(command).flatMap((group) => Object.entries(group.options));
  return Object.fromEntries(options.filter(([name]) => !NOT_INPUTS.includes(name)));
}

function describeInput(option: Option): string {
  const text = describeOption(option);
  if (isList(option)) return text.replace('(repeatable', '(one a line');
  if (option.type !== 'flag') return text;
  return option.default === true ? `false: ${text}` : `true: ${text}`;
}
