/** How a process ended. */
export type ProcessEnd =
  | { readonly how: 'exited'; readonly status: number }
  /** It called exit or exit_group with this status, and the log does not show what came of it. */
  | { readonly how: 'exiting'; readonly status: number }
  | { readonly how: 'killed'; readonly signal: string; readonly coreDumped: boolean };

/**
 * `+++ … +++` as a value.
 *
 * @returns the end of a process, or the number of the thread whose execve superseded it
 * @example parsePlusLine('+++ exited with 3 +++') // { how: 'exited', status: 3 }
 */
export function parsePlusLine(line: string): ProcessEnd | number | undefined {
  const [, status, signal, core, thread] =
    /^\+\+\+ (?:exited with (\d+)|killed by (\S+)( \(core dumped\))?|superseded by execve in pid (\d+)(?:<.*>)?) \+\+\+$/.exec(
      line,
    ) ?? [];
  if (status !== undefined) return { how: 'exited', status: Number(status) };
  if (signal !== undefined) return { how: 'killed', signal, coreDumped: core !== undefined };
  return thread === undefined ? undefined : Number(thread);
}

/** The status in the arguments of exit or exit_group. The kernel keeps its low eight bits. */
export function parseExitGroup(args: string): ProcessEnd | undefined {
  const status = /^(?:\w+=)?(-?(?:0x[0-9a-f]+|\d+))/.exec(args)?.[1];
  return status === undefined ? undefined : { how: 'exiting', status: Number(status) & 255 };
}
