import { z } from 'zod';
import type { Task } from '../tasks/plan-tasks.js';

/** Raised when a reader of older records would misunderstand a newer one. */
export const OUTCOME_VERSION = 1;

const count = z.int().nonnegative();

const outcomeShape = z.object({
  outcomeVersion: z.literal(OUTCOME_VERSION),
  key: z.string(),
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).readonly(),
  /** `refused`: the result does not do what the source does, so that there is none. */
  state: z.enum(['done', 'failed', 'refused']),
  exitStatus: z.int(),
  /** Of the round in which it ended so. */
  round: count,
  /** ISO 8601 */
  startedAt: z.string(),
  seconds: z.number().nonnegative(),
  /** Name of the machine. */
  machine: z.string(),
  /** Of `done`. */
  result: z
    .object({
      id: z.string(),
      sizeBytes: count,
      sourceId: z.string(),
      sourceBytes: count,
      /** `verified`, `verified in part` or `not verified`. */
      verdict: z.string(),
      warnings: count,
    })
    .optional(),
  /** Of the others: why. */
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});

/** How a task ended: one file of the record. */
export type Outcome = z.infer<typeof outcomeShape>;

/** @returns undefined: it is none, or of another version */
export function parseOutcome(text: string): Outcome | undefined {
  return parseAs(outcomeShape, text);
}

const workShape = z.object({
  /** The process that does it, as one word. */
  owner: z.string(),
  machine: z.string(),
  startedAt: z.string(),
  round: count,
});

/** A task that somebody began: a file that is there while it goes on. */
export type Work = z.infer<typeof workShape>;

/** @returns undefined: it is none */
export function parseWork(text: string): Work | undefined {
  return parseAs(workShape, text);
}

/** As Slurm and Swarm write ids, by which things are removed: it is neither an option nor a path. */
const jobId = z.string().regex(/^[a-z0-9]{1,64}$/);

/** More than any fleet has: who reads a round makes a list of so many places. */
const TASKS_MAX = 1_000_000;

const roundShape = z
  .object({
    number: count,
    startedAt: z.string(),
    /** Where it runs: local, slurm, … */
    on: z.string(),
    /** Do also what was done before. */
    again: z.boolean(),
    /** How many of its tasks were to be done: the first ones. The others were done before. */
    toDo: count,
    /** Of a scheduler: its name for some tasks of the round, those from a place on. */
    jobs: z.array(z.object({ id: jobId, first: count, count: count.max(TASKS_MAX) })).readonly(),
  })
  .refine(({ on, jobs }) => on !== 'slurm' || jobs.every(({ id }) => /^\d+$/.test(id)));

/** One time that somebody had a fleet done. */
export type Round = z.infer<typeof roundShape>;

/** @returns undefined: it is none */
export function parseRound(text: string): Round | undefined {
  return parseAs(roundShape, text);
}

const taskShape = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).min(1).readonly(),
  inputs: z.record(z.string(), z.string()),
  results: z.array(z.string()),
  folders: z.array(z.string()),
  manifest: z.string().optional(),
  key: z.string().regex(/^[0-9a-f]{32}$/),
  sourceDigest: z.string().optional(),
});

/** @returns undefined: it is none */
export function parseTask(text: string): Task | undefined {
  const found = parseAs(taskShape, text);
  return found && { ...found, manifest: found.manifest, sourceDigest: found.sourceDigest };
}

function parseAs<Shape extends z.ZodType>(shape: Shape, text: string): z.infer<Shape> | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
