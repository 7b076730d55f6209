import { printPath } from '@keepset/strace-parser';
import { toNdjson } from '../exports/to-ndjson.js';
import { type Environment, environments } from '../questions/environments.js';
import type { Command } from './command.js';
import { commandOf } from './format-cells.js';

export const envCommand: Command = {
  summary: 'the environment of each program that was executed (a log with -v)',
  async run(events, options, io) {
    for await (const environment of environments(events(), options)) {
      if (options.json) for await (const line of toNdjson([toJson(environment)])) await io.write(line);
      else await io.write(textOf(environment));
    }
  },
};

function textOf({ line, pid, program, variables, count, cut }: Environment): string {
  const head = `line ${line}, pid ${pid}: ${commandOf(program)}\n`;
  if (variables === undefined)
    return `${head}  ${count ?? 'its'} variables are not in the log: record it with strace -v\n`;
  const rows = [...variables].map(
    ([name, value]) => `  ${printPath(name)}=${printPath(value)}${cut.includes(name) ? '…' : ''}\n`,
  );
  return head + rows.join('');
}

function toJson({ variables, program, ...rest }: Environment): object {
  const list = variables && [...variables].map(([name, value]) => ({ name: printPath(name), text: value }));
  return { ...rest, program: program?.path, variables: list };
}
