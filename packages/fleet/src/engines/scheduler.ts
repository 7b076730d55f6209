import type { Round } from '../record/outcome.js';

/** What a scheduler calls some tasks of a round. */
export type Job = Round['jobs'][number];

/** Tasks that a scheduler is given. */
export interface Submission {
  /** How many there are. */
  readonly count: number;
  /** How many at a time; undefined: as the scheduler has it. */
  readonly jobs?: number | undefined;
  /** Words for keepset that do one task; its place follows. */
  readonly command: readonly string[];
}

/** A task that a scheduler has and has not done. */
export interface ScheduledPlace {
  /** As in `Job`. */
  readonly id: string;
  /** Of the round. */
  readonly place: number;
  readonly state: 'running' | 'queued';
}

/** Who queues tasks, tries again, and knows its nodes. Every method throws FleetError FLEET_SCHEDULER_FAILED. */
export interface Scheduler {
  /** @param onSubmitted  called for each job, before the next is submitted */
  submit(submission: Submission, onSubmitted: (job: Job) => Promise<void>): Promise<void>;
  /** What it still has of jobs, asked for all of them at once. */
  places(jobs: readonly Job[]): Promise<readonly ScheduledPlace[]>;
  /**
   * End what it has of jobs; of those that have ended it keeps nothing.
   *
   * @returns why tasks could not be begun, each reason once
   */
  end(jobs: readonly Job[]): Promise<readonly string[]>;
}
