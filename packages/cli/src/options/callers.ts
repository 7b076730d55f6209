import type { CallersProgram } from '@keepset/keep-planner';

/** Somebody who starts programs of an image beside its own command. */
interface Caller {
  /** Without which it fails. */
  readonly programs: readonly string[];
  /** What it uses where the image has it. */
  readonly optional?: readonly string[];
  /** What it does with them, and where that is documented; Markdown. */
  readonly because: string;
}

/** What people and scripts use without thinking of it. */
const COREUTILS = [
  'basename cat chmod chown cp cut date df dirname du echo env expr false head id ln ls mkdir mktemp mv pwd',
  'readlink realpath rm rmdir seq sleep sort stat tail tee test touch tr true uname uniq wc whoami',
].flatMap((line) => line.split(' '));

const CALLERS = {
  nextflow: {
    programs: ['/bin/bash', 'awk', 'date', 'grep', 'ps', 'sed', 'tail', 'tee'],
    optional: COREUTILS,
    because:
      'Runs each task by `/bin/bash`, and collects its metrics with the others ([containers](https://docs.seqera.io/nextflow/singularity), [tracing](https://www.nextflow.io/docs/latest/tracing.html)); without `ps` a task fails',
  },
  snakemake: {
    programs: ['bash'],
    optional: ['sh', ...COREUTILS],
    because:
      "Runs each rule by `bash -c 'set -euo pipefail; …'` in the image ([an example](https://github.com/snakemake/snakemake/issues/279)); a script needs its language as well: trace one",
  },
  galaxy: {
    programs: ['/bin/sh'],
    optional: ['bash', ...COREUTILS],
    because:
      "Runs a tool's script by `/bin/sh`, unless the tool names another shell (`DEFAULT_CONTAINER_SHELL` of `galaxy.tool_util`)",
  },
  kubernetes: {
    programs: ['sh', 'tar'],
    optional: ['sleep', 'cat', 'ls', 'env'],
    because:
      '`kubectl cp` runs `tar` in the image ([its page](https://kubernetes.io/docs/reference/kubectl/generated/kubectl_cp/)); `kubectl exec -it … -- sh`, and hooks that `sleep`. What probes run is to be traced: `--exec`',
  },
  gitlab: {
    programs: ['sh', 'grep'],
    optional: ['bash', ...COREUTILS],
    because:
      "A job's script is run by `bash` or `sh`, which the runner looks for with `grep` ([the docs' change](https://gitlab.com/gitlab-org/gitlab/-/merge_requests/144071)); it uses coreutils too ([an issue](https://gitlab.com/gitlab-org/gitlab-runner/-/issues/26501))",
  },
  shell: {
    programs: ['sh', 'cat', 'ls'],
    optional: ['bash', 'find', 'grep', 'less', 'ps', 'sed', 'vi', 'xargs', ...COREUTILS],
    because: 'For people who look into a container: `docker exec -it … sh`',
  },
} as const satisfies Record<string, Caller>;

type CallerName = keyof typeof CALLERS;

/** In the order of the documents. */
export const CALLER_NAMES = Object.keys(CALLERS) as readonly CallerName[];

/** What a caller starts, as the planner takes it. */
export function callersProgramsOf(caller: CallerName): readonly CallersProgram[] {
  const { programs, optional = [] }: Caller = CALLERS[caller];
  return [
    ...programs.map((name) => ({ name, caller })),
    ...optional.map((name) => ({ name, caller, optional: true as const })),
  ];
}

/** A row for each caller: its name, what it needs, what it uses besides, why; cells of Markdown. */
export function callerRows(): readonly (readonly string[])[] {
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ');
  return CALLER_NAMES.map((name) => {
    const { programs, optional = [], because }: Caller = CALLERS[name];
    const others = optional.filter((each) => !COREUTILS.includes(each));
    const all = optional.includes('basename')
      ? [...others.map((each) => `\`${each}\``), 'coreutils'].join(' ')
      : code(optional);
    return [`\`${name}\``, code(programs), all, because];
  });
}

/** Of the table, where it says coreutils. */
export const COREUTILS_TEXT = COREUTILS.map((name) => `\`${name}\``).join(' ');
