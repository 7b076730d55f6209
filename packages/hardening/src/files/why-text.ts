import { printRule } from '../compare-rights.js';
import { countCalls } from '../count-calls.js';
import type { Hardening } from '../hardening.js';
import { printReason } from '../print-reason.js';

/** A page: what is allowed, and why. */
export function whyText(hardening: Hardening): string {
  const { calls, capabilities, writable, rootWrites, gaining, network } = hardening;
  const { devices, runs, engines, seen } = hardening;
  const count = countCalls(hardening);
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(escapeCell).join(' | ')} |`);
  const lines = [
    '# What is allowed, and why',
    '',
    `Found by the runs ${runs.join(', ')}; verified on ${engines.join(', ')}${hardening.isMerged ? ', each part by itself' : ''}.`,
    '',
    `## ${count.all} system calls: ${count.runs} of the runs, ${count.base} of every program, ${count.runtime} of runtimes`,
    '',
    ...table(
      ['call', 'arguments', 'first used by'],
      calls.map(({ name, only, reasons: [first] }) => [
        name,
        printRule(only),
        first ? printReason(first) : '',
      ]),
    ),
    '',
    `## Capabilities: ${capabilities.length === 0 ? 'none' : capabilities.length}`,
    '',
    ...(capabilities.length === 0
      ? []
      : [
          ...table(
            ['capability', 'needed by'],
            capabilities.map(({ name, reasons: [first] }) => [name, first ? printReason(first) : '']),
          ),
          '',
        ]),
    `Privileges ${gaining.length === 0 ? 'cannot be gained' : `can be gained, by ${gaining.join(', ')}`}.`,
    '',
    `## Root: ${rootWrites.length === 0 ? 'read-only' : 'writable'}`,
    '',
    ...(rootWrites.length === 0 ? [] : [`Written where no mount can be: ${rootWrites.join(', ')}`, '']),
    ...(writable.length === 0
      ? []
      : [
          ...table(
            ['writable', 'as', 'first written'],
            writable.map(({ path, kind, because }) => [path, kind, because]),
          ),
          '',
          ...(writable.some(({ kind }) => kind === 'tmpfs')
            ? ['What is written to a tmpfs is gone at the end, so it was not compared.', '']
            : []),
        ]),
    `## Network: ${network.kind === 'none' ? 'none' : describeNetwork(network)}`,
    '',
    ...(devices.length === 0 ? [] : [`## Devices: ${devices.join(', ')}`, '']),
    '## Seen at once',
    '',
    `${seen.processes} processes and threads, ${seen.files} open files: advice for limits, with room to spare.`,
    ...(hardening.plainUser === undefined
      ? []
      : [
          '',
          hardening.plainUser
            ? 'It would do the same as a plain user (65534).'
            : 'It would not do the same as a plain user (65534).',
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

function describeNetwork({ listens, connects }: Hardening['network']): string {
  const uses = [
    ...(listens.length > 0 ? [`listens on ${listens.join(', ')}`] : []),
    ...(connects ? ['connects to others'] : []),
  ];
  return uses.length === 0 ? 'as the engine has it' : uses.join(', ');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
