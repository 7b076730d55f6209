import type { SyscallEvent } from '@keepset/strace-parser';

const FORKS: ReadonlySet<string> = new Set(['clone', 'clone2', 'clone3', 'fork', 'vfork']);
const THREAD = /CLONE_THREAD|flags=0x[0-9a-f]*[13579bdf][0-9a-f]{4}\b/;

/** What a call that makes a process or a thread has made. */
export interface Fork {
  readonly child: number;
  readonly isThread: boolean;
  /** CLONE_FILES: what one opens or closes, the other has opened or closed. */
  readonly sharesFiles: boolean;
}

/** The new process or thread; undefined if the call is another one, or has failed. */
export function forkOf(event: SyscallEvent): Fork | undefined {
  if (!FORKS.has(event.name)) return undefined;
  const child = Number.parseInt(event.resultText, 10);
  if (!(child > 0)) return undefined;
  const { argumentsText } = event;
  return {
    child,
    isThread: THREAD.test(argumentsText),
    sharesFiles: argumentsText.includes('CLONE_FILES'),
  };
}
