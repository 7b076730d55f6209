import {
  type AccessSummary,
  type AskedPath,
  type FileAccess,
  type Program,
  readAccesses,
  type TracedProcess,
} from '@keepset/strace-parser';

/** The accesses of a traced program, without what its launcher did. Iterate once; then the rest is there. */
export interface ProgramAccesses extends AsyncIterable<FileAccess> {
  /** Whether the program was executed; false until that was read. */
  readonly isLaunched: boolean;
  /**
   * Of the whole trace, its processes without the launcher's programs.
   *
   * @throws Error  before the iteration is over
   */
  readonly summary: AccessSummary;
}

/** Where a traced program begins. */
export interface ProgramOptions {
  /** In which it was started: absolute, as asked. */
  readonly workingDirectory: string;
  /**
   * Whether the launcher's attempts to execute the program are the program's own: along PATH some fail, and where
   * something is missing all do. Default false.
   */
  readonly withAttempts?: boolean;
}

/**
 * Read what a program that was traced by `traceRun` did with files. The launcher comes first in the same process: it is
 * the toolbox's, and nobody's reason to keep anything. So are its programs, where they stand for the program that makes
 * an access.
 *
 * @param trace  strace's text, of `readTrace` or of one of the `execTraces`
 * @example
 * const used = new Set();
 * const accesses = readProgramAccesses(run.readTrace(), { workingDirectory: '/' });
 * for await (const { path, errno } of accesses) if (errno === undefined) used.add(path);
 * accesses.isLaunched // true
 * used.has('/etc/debian_version') // true
 */
export function readProgramAccesses(
  trace: AsyncIterable<Uint8Array>,
  { workingDirectory, withAttempts = false }: ProgramOptions,
): ProgramAccesses {
  const log = readAccesses(trace, { cwd: workingDirectory as AskedPath });
  let isLaunched = false;
  let launcher: Launcher = NO_LAUNCHER;
  return {
    get isLaunched() {
      return isLaunched;
    },
    get summary() {
      const { summary } = log;
      return {
        ...summary,
        processes: summary.processes.map((process) => withoutLauncher(process, launcher)),
      };
    },
    async *[Symbol.asyncIterator]() {
      let hasBegun = false;
      let hasExecuted = false;
      for await (const access of log) {
        if (access.action === 'execute' && !hasExecuted) {
          hasExecuted = true;
          launcher = launcherOf(access);
        }
        if (access.action === 'execute' && !launcher(access)) {
          isLaunched ||= access.errno === undefined;
          hasBegun ||= isLaunched || withAttempts;
        }
        if (hasBegun) yield byProgram(access, launcher);
      }
    },
  };
}

/** The program itself was executed by one of the launcher's. */
function byProgram(access: FileAccess, isLaunchers: Launcher): FileAccess {
  const { program } = access;
  return program !== undefined && isLaunchers(program) ? { ...access, program: undefined } : access;
}

/** The process of the launcher becomes that of the program. */
function withoutLauncher(process: TracedProcess, isLaunchers: Launcher): TracedProcess {
  return { ...process, programs: process.programs.filter((program) => !isLaunchers(program)) };
}

/** Whether a program is the launcher's. */
type Launcher = (program: Pick<Program, 'path'>) => boolean;

const NO_LAUNCHER: Launcher = () => false;

/** Whatever is executed first is the launcher's, where there is one: it says where the toolbox was, in this process or another. */
function launcherOf({ path }: Pick<Program, 'path'>): Launcher {
  const [folder] = /^\/\.keepset(?:-[0-9a-f]{16})?\/(?=loader$)/.exec(path) ?? [];
  return folder === undefined ? NO_LAUNCHER : (program) => program.path.startsWith(folder);
}
