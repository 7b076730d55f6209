import type { Argument, Program } from '@keepset/strace-parser';
import { type EventInput, type QuestionOptions, wantedEvents } from './traced-events.js';

/** What a program was given when it was executed. */
export interface Environment {
  readonly line: number;
  readonly pid: number;
  readonly time: number | undefined;
  readonly program: Program | undefined;
  /**
   * Name → value: byte strings; undefined if the log does not show it. It does under `-v`, and strace cuts values (`-s`).
   */
  readonly variables: ReadonlyMap<string, string> | undefined;
  /** How many there were. */
  readonly count: number | undefined;
  /** Names of those whose value strace has cut. */
  readonly cut: readonly string[];
}

/**
 * The environment of each program that was executed.
 *
 * @param events  of a log with -v (or -e abbrev=!execve), and a long -s
 * @throws StraceToolsError FILTER_INVALID
 * @example for await (const { program, variables } of environments(parseStrace(log))) variables?.get('PATH');
 */
export async function* environments(
  events: EventInput,
  options: QuestionOptions = {},
): AsyncGenerator<Environment> {
  for await (const { event, program } of wantedEvents(events, options)) {
    if (event.kind !== 'syscall' || !/^execve(?:at)?$/.test(event.name)) continue;
    if (!event.superseded && !/^0\b/.test(event.resultText)) continue;
    const { line, pid, time } = event;
    const argument = event.arguments[event.name === 'execve' ? 2 : 3];
    yield { line, pid, time, program, ...readEnvironment(argument) };
  }
}

function readEnvironment(argument: Argument | undefined): Pick<Environment, 'variables' | 'count' | 'cut'> {
  const value = argument?.kind === 'field' ? argument.value : argument;
  if (value?.kind === 'commented') {
    const count = /(\d+) vars?/.exec(value.comment)?.[1];
    return { variables: undefined, count: count === undefined ? undefined : Number(count), cut: [] };
  }
  if (value?.kind !== 'array' && value?.kind !== 'set')
    return { variables: undefined, count: undefined, cut: [] };
  const variables = new Map<string, string>();
  const cut: string[] = [];
  for (const item of value.items) {
    if (item.kind !== 'string') continue;
    const equals = item.value.indexOf('=');
    const name = equals < 0 ? item.value : item.value.slice(0, equals);
    variables.set(name, equals < 0 ? '' : item.value.slice(equals + 1));
    if (item.cut) cut.push(name);
  }
  return { variables, count: variables.size, cut };
}
