/** What the plan could not settle; none of these stops it. Paths are byte strings. */
export type PlanWarning =
  /** The interpreter of a script, or the loader of a program, is not in the image. */
  | { readonly kind: 'interpreter-missing'; readonly path: string; readonly wanted: string }
  | { readonly kind: 'loader-missing'; readonly path: string; readonly wanted: string }
  /** A script's interpreter is relative to a working directory that is not known; WORKDIR was taken. */
  | { readonly kind: 'interpreter-relative'; readonly path: string; readonly wanted: string }
  /** An executed file's head could not be read, or makes no sense. */
  | { readonly kind: 'program-unreadable'; readonly path: string }
  /** A program that the configuration names is not in the image. */
  | { readonly kind: 'program-missing'; readonly need: string; readonly wanted: string }
  /** The kernel led the run elsewhere than the source image leads: the run has changed a link on the way. */
  | {
      readonly kind: 'kernel-differs';
      readonly path: string;
      readonly ours: string;
      readonly kernels: string;
    }
  /** A pattern of the user's, or the name of a package, names nothing in the image. */
  | {
      readonly kind: 'pattern-unmatched';
      readonly option: 'keep' | 'drop' | 'keep-package';
      readonly pattern: string;
    }
  /** A file that looks like a secret is kept, or was dropped for that; the runs that used it. */
  | {
      readonly kind: 'secret';
      readonly path: string;
      readonly pattern: string;
      readonly runs: readonly string[];
      readonly dropped: boolean;
    }
  /** A kept program gives whoever starts it other rights (setuid, setgid); the runs that executed it. */
  | {
      readonly kind: 'setuid';
      readonly path: string;
      readonly mode: number;
      readonly runs: readonly string[];
    }
  /** Accesses for which the trace does not tell an absolute path. */
  | { readonly kind: 'unplaced'; readonly count: number };
