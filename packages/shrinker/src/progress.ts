import { setImmediate } from 'node:timers/promises';

/** The steps of a shrink, in order; with a locked keep list, `run` stands for `trace` and `keep`. */
export type StageName =
  | 'inspect'
  | 'trace'
  | 'keep'
  | 'run'
  | 'build'
  | 'verify'
  | 'repair'
  | 'check'
  | 'harden'
  | 'remainder'
  | 'output'
  | 'push'
  /** What was made for the shrink is removed again; said only where it takes longer than a second. */
  | 'clean-up';

/** What a note is about, for a caller who wants only some. */
export type NoteCode =
  /** The engine has not got the image. */
  | 'PULLING'
  /** The command does nothing and listens on no port: it may be a worker that waits for something to do. */
  | 'COMMAND_IDLE'
  /** The command waits for all of its children, of which the tracer is one, and runs once more. */
  | 'TRACED_UNDER_INIT'
  /** The command executes programs that change its rights, and runs once more. */
  | 'TRACED_AGAIN'
  /** It executes such programs, and the engine does not let them. */
  | 'RIGHTS_WITHHELD'
  /** Of some calls the trace does not say which file they used. */
  | 'TRACE_UNRESOLVED'
  /** Lines of the trace could not be read. */
  | 'TRACE_UNPARSED'
  /** Processes were still running when process 1 ended. */
  | 'PROCESSES_OUTLIVED'
  /** A run that the image cannot start, and need not. */
  | 'RUN_LEFT_OUT'
  /** A trace file does not hold the values of variables. */
  | 'VARIABLES_MISSING'
  /** A package database could not be read. */
  | 'PACKAGES_UNREAD'
  /** The command does otherwise when it is traced. */
  | 'TRACED_DIFFERENTLY'
  /** Runs get no copy of a mount, and cannot write there. */
  | 'MOUNT_SHARED'
  /** The result is larger than its source. */
  | 'RESULT_LARGER';

/** What is said while a shrink works. */
export type ShrinkEvent =
  | { readonly kind: 'stage-begun'; readonly stage: StageName; readonly detail: string }
  | { readonly kind: 'stage-progress'; readonly stage: StageName; readonly detail: string }
  | {
      readonly kind: 'stage-ended';
      readonly stage: StageName;
      readonly detail: string;
      readonly seconds: number;
    }
  | { readonly kind: 'note'; readonly code: NoteCode; readonly message: string };

/** How long a stage took. */
export interface StageSeconds {
  readonly stage: StageName;
  readonly seconds: number;
}

/** Times the stages of one piece of work, and reports them as they begin and end. */
export interface Progress {
  /** Those that have ended, in order. */
  readonly stages: readonly StageSeconds[];
  /**
   * @param detail  said as it begins
   * @param action  gives its value, and what is said as it ends
   */
  stage<T>(stage: StageName, detail: string, action: () => Promise<readonly [T, string]>): Promise<T>;
  /** Count the time of an action to a stage; said only where it takes longer than a second. */
  count<T>(stage: StageName, detail: string, action: () => Promise<T>): Promise<T>;
  /** How far a stage has come. */
  report(stage: StageName, detail: string): void;
  note(code: NoteCode, message: string): void;
}

const SAID_FROM_SECONDS = 1;

/** @param onEvent  is given everything that is said */
export function createProgress(onEvent: (event: ShrinkEvent) => void): Progress {
  const stages: StageSeconds[] = [];
  const timed = async <T>(stage: StageName, action: () => Promise<T>) => {
    const start = performance.now();
    // What was computed before may have taken long: a signal that came meanwhile is heard now.
    await setImmediate();
    const value = await action();
    const seconds = (performance.now() - start) / 1000;
    stages.push({ stage, seconds });
    return { value, seconds };
  };
  return {
    stages,
    async stage(stage, begin, action) {
      onEvent({ kind: 'stage-begun', stage, detail: begin });
      const {
        value: [value, detail],
        seconds,
      } = await timed(stage, action);
      onEvent({ kind: 'stage-ended', stage, detail, seconds });
      return value;
    },
    async count(stage, detail, action) {
      const { value, seconds } = await timed(stage, action);
      if (seconds > SAID_FROM_SECONDS) onEvent({ kind: 'stage-ended', stage, detail, seconds });
      return value;
    },
    report: (stage, detail) => onEvent({ kind: 'stage-progress', stage, detail }),
    note: (code, message) => onEvent({ kind: 'note', code, message }),
  };
}
