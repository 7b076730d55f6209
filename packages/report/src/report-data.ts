/** Everything that a report shows. All text is for people: paths with odd bytes are escaped already. */
export interface ReportData {
  readonly source: ReportImage;
  readonly result: ReportImage;
  /** os/architecture. */
  readonly platform?: string;
  /** Whether the result does what the source does, in words; absent where it is not known. */
  readonly verdict?: string;
  readonly runs: readonly ReportRun[];
  /** Commands that had no part in making the result. Absent: there were none. */
  readonly checks?: readonly ReportCheck[];
  /** Paths that the first result lacked, and that were added; one line each. */
  readonly repairs: readonly string[];
  /** What varies by itself, and was compared only in what stays; one line each. */
  readonly varying: readonly string[];
  /** What was not compared at all; one line each. */
  readonly notCompared: readonly string[];
  /** One line each. */
  readonly warnings: readonly string[];
  /** What can be done next. */
  readonly hints: readonly ReportHint[];
  /** What the result has, and the source has not, or has otherwise. */
  readonly generated: readonly ReportGenerated[];
  /** Of the source; undefined where nobody looked. */
  readonly packages?: readonly ReportPackage[];
  /** What runs executed. */
  readonly programs: readonly ReportProgram[];
  /** Every path of the source; sorted, they take the least room. Gone through once. */
  readonly entries: Iterable<ReportEntry>;
}

/** Something to do next, with the line for a shell that does it. */
export interface ReportHint {
  readonly does: string;
  readonly line: string;
}

/** A path of the result that was written for it. */
export interface ReportGenerated {
  /** Absolute. */
  readonly path: string;
  /** file, directory, … */
  readonly type: string;
  readonly sizeBytes: number;
  /** What it was made of, a line each. */
  readonly why: readonly string[];
}

/** A command that was not traced, and what it did in the result. */
export interface ReportCheck {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether it does in the result what it does in the source. */
  readonly same: boolean;
  /** What the result lacks for it. */
  readonly missing: readonly string[];
}

/** The source, or the result. */
export interface ReportImage {
  /** As the user named it. */
  readonly reference?: string;
  readonly id: string;
  /** As the engine tells; undefined where it is not known. */
  readonly sizeBytes?: number;
}

/** A run, and how it ended. */
export interface ReportRun {
  readonly name: string;
  readonly command: readonly string[];
  readonly exitStatus?: number;
  readonly stdoutBytes?: number;
  readonly stderrBytes?: number;
  /** uid:gid */
  readonly user?: string;
  readonly traceLines?: number;
  /** Absent where the trace was not kept of them. */
  readonly processes?: readonly ReportProcess[];
}

export interface ReportProcess {
  readonly pid: number;
  readonly parent?: number;
  /** Places in the list of programs, one executed after the other; empty: what its parent had executed. */
  readonly programs: readonly number[];
}

/** A number of files with their bytes. */
export interface ReportAmount {
  readonly files: number;
  readonly sizeBytes: number;
}

/** A package of the source, and what is left of it. */
export interface ReportPackage {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  readonly installed: ReportAmount;
  readonly kept: ReportAmount;
  /** Executed, loaded or read by a run. */
  readonly used: ReportAmount;
  /** Names of the runs that used it. */
  readonly runs: readonly string[];
}

/** A program with the words with which it was started. */
export interface ReportProgram {
  readonly path: string;
  readonly words: readonly string[];
}

/** One path of the source, and what became of it. */
export interface ReportEntry {
  /** Absolute. */
  readonly path: string;
  /** file, directory, symlink, … */
  readonly type: string;
  /** In the source. */
  readonly sizeBytes: number;
  readonly state: 'kept' | 'stub' | 'removed';
  readonly linkTarget?: string;
  /** Places in the list of packages. */
  readonly owners: readonly number[];
  /** Why it was kept, a line each, indented as a chain; empty where it was removed. */
  readonly why: readonly string[];
  /** Places in the list of programs: those that met it. */
  readonly programs: readonly number[];
}
