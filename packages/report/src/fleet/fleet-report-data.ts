/** Everything that a report over a fleet shows. All text may be anybody's: it is escaped where it is shown. */
export interface FleetReportData {
  readonly title: string;
  readonly tasks: readonly FleetReportTask[];
  readonly causes: readonly FleetReportCause[];
  /** Of all results together; undefined where nobody looked. */
  readonly packages?: readonly FleetReportPackage[];
  /** What results take that share layers; undefined where there is nothing to share, or nobody looked. */
  readonly sharing?: FleetReportSharing;
  /** The first one first. */
  readonly rounds: readonly FleetReportRound[];
}

/** A task of a fleet, and what came of it. */
export interface FleetReportTask {
  readonly name: string;
  readonly image: string;
  /** done, refused, failed, running, queued, lost, waiting */
  readonly state: string;
  /** Of a result: its verdict; of others, why there is none. */
  readonly said: string;
  /** What the policies say against it. */
  readonly exceeds: readonly string[];
  /** Undefined: there is no result. */
  readonly sizes: { readonly source: number; readonly result: number } | undefined;
  readonly seconds: number | undefined;
}

/** Why tasks came to no result. */
export interface FleetReportCause {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Of tasks. */
  readonly names: readonly string[];
}

/** A package, over all results. */
export interface FleetReportPackage {
  readonly name: string;
  readonly ecosystem: string;
  readonly versions: readonly string[];
  /** How many results have some of it. */
  readonly results: number;
  /** In all of them. */
  readonly sizeBytes: number;
}

/** What layers come to that several results share, in bytes of files that are not compressed. */
export interface FleetReportSharing {
  /** Whose files are known. */
  readonly results: number;
  /** Of them, those that were made of shared layers. */
  readonly made: number;
  readonly layers: number;
  /** Of all results, each for itself. */
  readonly sizeBytes: number;
  /** With each layer counted once. */
  readonly sharedBytes: number;
}

/** One time that a fleet was done. */
export interface FleetReportRound {
  readonly number: number;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly on: string;
  readonly tasks: number;
  readonly done: number;
  /** Failed and refused. */
  readonly failed: number;
  readonly sizes: { readonly source: number; readonly result: number };
}
