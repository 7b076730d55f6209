import type { AccessAction, FileAccess } from '@keepset/strace-parser';

/** A run did something to the path, and the path was there. */
export interface AccessReason {
  readonly kind: 'access';
  /** Name of the run. */
  readonly run: string;
  readonly action: AccessAction;
  /** The program that did it first; absent where the trace names none. */
  readonly program?: { readonly path: string; readonly argv: readonly string[] };
  /** Name of the first system call, and the line of the run's trace on which it began (from 1). */
  readonly call: string;
  readonly line: number;
  /** The error by which the program learnt that the path is there; absent when the call succeeded. */
  readonly errno?: string;
  /** How often this run did this to this path. */
  readonly count: number;
  /** As the first call asked for it; absent if that was the path itself. */
  readonly asked?: string;
}

/**
 * What adds paths that no trace shows.
 *
 * | rule | the path is |
 * | --- | --- |
 * | `link` | a link on the way to `from` |
 * | `parent` | a directory on the way to `from` |
 * | `interpreter` | the interpreter of the script `from` |
 * | `loader` | the dynamic loader (PT_INTERP) of the program `from` |
 * | `created` | the directory in which a run made `from`, or met it mounted: the image lacks it |
 * | `engine` | read or needed by the container engine: `from` says for what |
 * | `skeleton` | a directory that programs expect in any system |
 * | `os-release` | what tells the distribution, to scanners as well |
 * | `caller` | a program that `from` starts in the image, beside the runs |
 * | `keep` | asked for by the user's pattern `from` |
 * | `locked` | in the keep list that was given in place of a trace |
 * | `listed` | an entry of the directory `from`, which a run listed |
 * | `round-up` | a file beside `from`, which a run used |
 * | `round-up-package` | of one package with `from`, which a run used |
 * | `keep-package` | of the package `from`, which the user wants whole |
 * | `metadata` | a package database, or on the way to one, that `from` is told of in: no run needs it |
 * | `not-empty` | an entry of the directory `from`, which a run could not remove because it was not empty |
 * | `nss-module` | a module that the kept nsswitch.conf `from` names |
 * | `library` | a shared library that `from` needs, which stays by another rule (DT_NEEDED) |
 * | `terminal` | the description of a usual terminal, since that of another, `from`, stays |
 * | `certificate` | of one folder of certificates that are looked up by hashed names with `from` |
 */
export type KeepRule =
  | 'link'
  | 'parent'
  | 'interpreter'
  | 'loader'
  | 'created'
  | 'engine'
  | 'skeleton'
  | 'os-release'
  | 'caller'
  | 'keep'
  | 'locked'
  | 'listed'
  | 'round-up'
  | 'round-up-package'
  | 'keep-package'
  | 'metadata'
  | 'not-empty'
  | 'nss-module'
  | 'library'
  | 'terminal'
  | 'certificate';

/** No run did anything to the path; a rule adds it. */
export interface RuleReason {
  readonly kind: 'rule';
  readonly rule: KeepRule;
  /** The first of those that the rule speaks of: a path, a pattern or a need. */
  readonly from?: string;
}

/** Why a path is kept. */
export type Reason = AccessReason | RuleReason;

export function toAccessReason(run: string, access: FileAccess): AccessReason {
  const { action, program, call, line, errno } = access;
  return {
    kind: 'access',
    run,
    action,
    call,
    line,
    count: 1,
    ...(errno === undefined ? {} : { errno }),
    ...(program === undefined ? {} : { program }),
  };
}

/**
 * Reasons with one more, kept few: one per run, action and error with a count, and one per rule. So memory follows
 * the paths and the runs, not the calls.
 */
export function addReason(reasons: Reason[], reason: Reason): void {
  if (reason.kind === 'rule') {
    const known = reasons.some((each) => each.kind === 'rule' && each.rule === reason.rule);
    if (!known) reasons.push(reason);
    return;
  }
  const index = reasons.findLastIndex(
    (each) =>
      each.kind === 'access' &&
      each.run === reason.run &&
      each.action === reason.action &&
      each.errno === reason.errno,
  );
  const known = reasons[index];
  if (known?.kind !== 'access') reasons.push(reason);
  else {
    const first = reason.line < known.line ? reason : known;
    reasons[index] = { ...first, count: known.count + reason.count };
  }
}
