import { type CommandDefinition, optionsOf } from '../options/command-definition.js';
import { markdownTable } from './markdown-table.js';
import { optionRows } from './option-rows.js';

const TABLE = /^(<!-- table: (.*) -->\n)(?:.*\n)*?(<!-- end of table -->\n)/gm;

/**
 * Write the tables of a document anew, each between two marks that say what is in it:
 * `<!-- table: commands trace check -->` or `<!-- table: options of shrink: run check -->`, and
 * `<!-- end of table -->`. All else stays as it is.
 *
 * @param reference  where the whole reference is, from the document
 * @throws RangeError  a mark names what there is not
 */
export function fillTables(
  document: string,
  commands: readonly CommandDefinition[],
  reference: string,
): string {
  return document.replace(TABLE, (_, begin: string, subject: string, end: string) => {
    const table = tableOf(subject, commands, reference);
    return `${begin}\n${table}\n${end}`;
  });
}

function tableOf(subject: string, commands: readonly CommandDefinition[], reference: string): string {
  const [, command, ofOptions] = /^options of (\S+): (.*)$/.exec(subject) ?? [];
  if (command !== undefined && ofOptions !== undefined) {
    const options = optionsOf(find(command, commands));
    const chosen = ofOptions.split(' ').map((name) => {
      const option = options[name];
      if (option === undefined) throw new RangeError(`'${subject}': ${command} has no option '${name}'`);
      return [name, option] as const;
    });
    return markdownTable(['option', 'does'], optionRows(Object.fromEntries(chosen)));
  }
  const [, ofCommands] = /^commands (.*)$/.exec(subject) ?? [];
  if (ofCommands === undefined) throw new RangeError(`'${subject}' is no table`);
  const rows = ofCommands.split(' ').map((name) => {
    const { summary } = find(name, commands);
    return [`[\`keepset ${name}\`](${reference}#keepset-${name})`, summary];
  });
  return markdownTable(['command', 'does'], rows);
}

function find(name: string, commands: readonly CommandDefinition[]): CommandDefinition {
  const found = commands.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there is no command '${name}'`);
  return found;
}
