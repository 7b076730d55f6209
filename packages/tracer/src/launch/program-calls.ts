import { parseStrace, type SyscallEvent } from '@keepset/strace-parser';

/** One system call of a traced program, without what its launcher did. */
export interface ProgramCall {
  readonly name: string;
  /** Between the parentheses, as printed. */
  readonly argumentsText: string;
  /** What follows `= `, as printed; '' where the call did not return. */
  readonly resultText: string;
  /** Why it failed. */
  readonly errno?: string;
  /** Of the trace, from 1. */
  readonly line: number;
  readonly pid: number;
  /** The program that makes it, as printed where it was executed. */
  readonly program?: string;
}

/**
 * Read which system calls a program that was traced by `traceRun` made. The launcher comes first in the same process: it is
 * the toolbox's.
 *
 * @param trace  strace's text, of `readTrace` or of one of the `execTraces`
 * @example
 * const names = new Set();
 * for await (const { name } of readProgramCalls(run.readTrace())) names.add(name);
 * names.has('execve') // true
 */
export async function* readProgramCalls(trace: AsyncIterable<Uint8Array>): AsyncGenerator<ProgramCall> {
  const programs = new Map<number, string>();
  let launcher: string | undefined;
  let hasBegun = false;
  let forking: number | undefined;
  for await (const events of parseStrace(trace).batches()) {
    for (const event of events) {
      if (event.kind === 'forking') forking = event.pid;
      if (event.kind !== 'syscall') continue;
      const executed = executedBy(event);
      launcher ??=
        executed === undefined ? undefined : (/^\/\.keepset(?:-[0-9a-f]{16})?\//.exec(executed)?.[0] ?? '');
      if (executed !== undefined && !isBelow(executed, launcher)) {
        hasBegun = true;
        programs.set(event.pid, executed);
      }
      if (!hasBegun) continue;
      const program = programs.get(event.pid) ?? programs.get(forking ?? event.pid);
      if (program !== undefined) programs.set(event.pid, program);
      const child = /^(?:clone3?|v?fork)$/.test(event.name) ? /^\d+/.exec(event.resultText)?.[0] : undefined;
      if (child !== undefined && program !== undefined && !programs.has(Number(child)))
        programs.set(Number(child), program);
      yield toCall(event, program);
    }
  }
}

/** What an execve that succeeded executed, as printed. */
function executedBy({ name, argumentsText, resultText }: SyscallEvent): string | undefined {
  if (!name.startsWith('execve') || resultText !== '0') return undefined;
  return /"((?:[^"\\]|\\.)*)"/.exec(argumentsText)?.[1];
}

function isBelow(path: string, launcher: string | undefined): boolean {
  return launcher !== undefined && launcher !== '' && path.startsWith(launcher);
}

function toCall(event: SyscallEvent, program: string | undefined): ProgramCall {
  const { name, argumentsText, resultText, line, pid } = event;
  // To parse each result would take most of the time: few fail.
  const errno = resultText.startsWith('-1 ') ? event.result?.errno : undefined;
  return {
    name,
    argumentsText,
    resultText,
    line,
    pid,
    ...(errno !== undefined && { errno }),
    ...(program !== undefined && { program }),
  };
}
