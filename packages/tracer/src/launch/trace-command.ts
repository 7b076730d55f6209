import { toolCommand } from '@keepset/toolbox';
import type { Identity } from './identity.js';

/**
 * The system calls that the tracer stops at: those that take a path, that make or end a process, that list a folder
 * or lead around paths. `?` lets strace pass over what an architecture does not have.
 */
export const TRACED_CALLS: readonly string[] = [
  '%file',
  '%process',
  'fchdir',
  '?getdents',
  '?getdents64',
  '?open_by_handle_at',
  '?io_uring_setup',
  'bind',
  'connect',
];

/** Longer than any argument that matters; paths are never cut. @see strace(1), -s */
const STRING_BYTES_MAX = 4096;

/** How a command is traced. */
export interface TraceCommandOptions {
  /** Where strace writes, in the container. */
  readonly traceFile: string;
  /** Undefined: strace runs as the program's own user, and so does the program, with no launcher. */
  readonly identity?: Identity;
  /** Capabilities that the program must not inherit. */
  readonly dropFromBounding?: readonly string[];
  /** Variables that are for the program only, since they would act on the toolbox: NAME=value. */
  readonly programOnlyEnv?: readonly string[];
  /** Stop only at the traced calls (strace's --seccomp-bpf). It sets no-new-privileges, so setuid programs gain nothing. */
  readonly seccompFilter: boolean;
  /** Add to the file, where it is there: of a program that is started again. Default false. */
  readonly append?: boolean;
  /** Stop at every call but these. Default: only at those that have to do with files and processes (TRACED_CALLS). */
  readonly allCallsBut?: readonly string[];
}

/**
 * What programs are told that the kernel has not got. Opens through io_uring would be invisible, and the flags of clone3 no
 * profile can see: programs fall back to plain calls. The first list is for every trace, the second for one of all calls.
 */
const NOT_THERE = ['io_uring_setup'];
const NOT_THERE_FOR_PROFILES = ['clone3'];

/**
 * The command that runs `command` as process 1 with strace beside it.
 *
 * @see strace(1) -D, --seccomp-bpf, -e inject; setpriv(1)
 * @example traceCommand(['true'], { traceFile: '/trace', seccompFilter: true }).slice(-2) // ['--', 'true']
 */
export function traceCommand(command: readonly string[], options: TraceCommandOptions): string[] {
  const { identity, dropFromBounding = [], programOnlyEnv = [], allCallsBut } = options;
  const notThere = [...NOT_THERE, ...(allCallsBut === undefined ? [] : NOT_THERE_FOR_PROFILES)];
  return toolCommand('strace', [
    // As a detached grandchild: the program keeps its process id.
    '-D',
    '-f',
    ...(options.seccompFilter ? ['--seccomp-bpf'] : []),
    ...(options.append ? ['-A'] : []),
    '-y',
    '-s',
    String(STRING_BYTES_MAX),
    '-e',
    `trace=${allCallsBut === undefined ? TRACED_CALLS.join(',') : `!${allCallsBut.map(ifThere).join(',')}`}`,
    ...notThere.flatMap((name) => ['-e', `inject=${ifThere(name)}:error=ENOSYS`]),
    '-e',
    'signal=none',
    '-o',
    options.traceFile,
    '--',
    ...(identity === undefined
      ? []
      : toolCommand('setpriv', [...identityOptions(identity), ...boundingOptions(dropFromBounding), '--'])),
    ...(programOnlyEnv.length === 0 ? [] : toolCommand('env', [...programOnlyEnv])),
    ...command,
  ]);
}

/** For strace to pass over what an architecture does not have. */
function ifThere(name: string): string {
  return `?${name}`;
}

function identityOptions({ uid, gid, supplementaryGids }: Identity): string[] {
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    supplementaryGids.length === 0 ? '--clear-groups' : `--groups=${supplementaryGids.join(',')}`,
  ];
}

function boundingOptions(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`--bounding-set=${names.map((name) => `-${name.toLowerCase()}`).join(',')}`];
}
