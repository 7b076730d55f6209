import { printResult } from '../arguments/call-result.js';
import { printArguments } from '../arguments/print-arguments.js';
import type { ProcessEnd } from '../lines/process-end.js';
import type { StraceEvent, SyscallEvent } from './events.js';

/**
 * An event as strace prints it, without prefix: what is printed comes from the event's tree, not from its text,
 * so `printEvent(event) === event.text` says that nothing was lost.
 *
 * A call in two halves is printed whole; {@link printLines} cuts it into its lines again.
 */
export function printEvent(event: StraceEvent): string {
  switch (event.kind) {
    case 'syscall':
      return printCall(event);
    case 'signal':
      return `--- ${event.text.startsWith(`--- ${event.signal}`) ? `${event.signal} ` : ''}${printArguments(event.info)} ---`;
    case 'end':
      return `+++ ${printEnd(event.end)} +++`;
    case 'stopped':
      return `--- stopped by ${event.signal} ---`;
    default:
      return event.text;
  }
}

/** The lines of the log that a call was printed on: prefix, the call's own text, mark or foreign text. */
export function printLines(event: SyscallEvent): string[] {
  const call = printCall(event);
  let at = event.completeness === 'headless' ? event.name.length + 1 : 0;
  return event.parts.map(({ text, start, end }) => {
    const own = call.slice(at, at + end - start);
    at += end - start;
    return text.slice(0, start) + own + text.slice(end);
  });
}

function printCall(event: SyscallEvent): string {
  const open = `${event.name}(${printArguments(event.arguments)}`;
  const { result } = event;
  if (result === undefined) return open;
  const gap = event.text.indexOf('=', event.argumentsEnd) - event.argumentsEnd - 1;
  return `${open})${' '.repeat(gap)}= ${printResult(result)}`;
}

function printEnd(end: ProcessEnd): string {
  if (end.how === 'killed') return `killed by ${end.signal}${end.coreDumped ? ' (core dumped)' : ''}`;
  return `exited with ${end.status}`;
}
