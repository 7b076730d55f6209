import type { ProcessEnd } from '@keepset/strace-parser';
import { withShownBytes } from '../exports/shown-bytes.js';
import { type ProcessNode, processTree } from '../questions/process-tree.js';
import type { Command } from './command.js';
import { commandOf, shownPath } from './format-cells.js';

export const treeCommand: Command = {
  summary: 'which process made which: command, wall time, end',
  async run(events, options, io) {
    const roots = await processTree(events(), options);
    if (options.json) {
      for (const root of roots) await io.write(`${JSON.stringify(withShownBytes(toJson(root)))}\n`);
      return;
    }
    // By hand: a chain of processes may be longer than the stack.
    const waiting = [...roots].reverse().map((node) => ({ node, depth: 0 }));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, depth } = next;
      await io.write(`${'  '.repeat(Math.min(depth, 40))}${lineOf(node)}\n`);
      for (const child of [...node.children].reverse()) waiting.push({ node: child, depth: depth + 1 });
    }
  },
};

function lineOf(node: ProcessNode): string {
  const { pid, programs, program, wallTime, end, threads } = node;
  const command =
    programs.length > 0
      ? programs.map(commandOf).join(' → ')
      : `(${program === undefined ? '' : `${shownPath(program.path)}, `}executes nothing)`;
  const notes = [
    wallTime === undefined ? '' : `${wallTime.toFixed(3)} s`,
    threads === 0 ? '' : `${threads + 1} threads`,
    endText(end),
  ].filter((each) => each !== '');
  return `${pid} ${command}${notes.length === 0 ? '' : `  [${notes.join(', ')}]`}`;
}

function endText(end: ProcessEnd | undefined): string {
  if (end === undefined) return '';
  if (end.how === 'killed') return `killed by ${end.signal}`;
  return end.status === 0 ? '' : `status ${end.status}`;
}

function toJson(node: ProcessNode): object {
  const { pid, programs, startTime, endTime, wallTime, end, threads, calls, children } = node;
  const executed = programs.map(({ path, argv }) => ({ path, argv }));
  return {
    pid,
    programs: executed,
    startTime,
    endTime,
    wallTime,
    end,
    threads,
    calls,
    children: children.map(toJson),
  };
}
