import { createHash } from 'node:crypto';
import { FleetError } from '../fleet-error.js';

/** One image and what it is run for, as somebody wrote it down: one command, which one can run by hand. */
export interface Workload {
  /** Of the task, in tables and names of files; each once. */
  readonly name: string;
  /** As the command names it. */
  readonly image: string;
  /** Words behind the program's name. */
  readonly command: readonly string[];
  /** What the command reads besides the image: a digest by the name of each file. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Everything that the command writes under a name: names of images, files. */
  readonly results: readonly string[];
  /** That the results lie in; they are made. */
  readonly folders: readonly string[];
  /** Of the results: the record of what was kept. */
  readonly manifest: string | undefined;
}

/** A workload whose image is known. */
export interface Task extends Workload {
  /** By which its outcome is found again: 32 hexadecimal digits. */
  readonly key: string;
  /** sha256:… of the image; undefined where nobody who could be asked has it: then its name stands for it. */
  readonly sourceDigest: string | undefined;
}

/** What a plan needs to know besides. */
export interface PlanOptions {
  /** sha256:… of each image, by its name. */
  readonly digests: ReadonlyMap<string, string>;
  /** Of the program that does the tasks: another one may do them otherwise. */
  readonly version: string;
}

const KEY_DIGITS = 32;

/**
 * The tasks of workloads, each with a key: what is done under a key need not be done again, wherever it was done.
 *
 * @throws FleetError FLEET_SAME_NAME
 * @example
 * const [task] = planTasks(
 *   [{ name: 'a', image: 'debian:12', command: ['shrink', 'debian:12'], inputs: {}, results: [], folders: [], manifest: undefined }],
 *   { digests: new Map([['debian:12', 'sha256:0']]), version: '1.0.0' },
 * );
 * task?.key.length; // 32: it is of the digest, the command, its inputs and the version
 */
export function planTasks(
  workloads: readonly Workload[],
  { digests, version }: PlanOptions,
): readonly Task[] {
  requireOwnNames(workloads);
  return workloads.map((workload) => {
    const sourceDigest = digests.get(workload.image);
    return { ...workload, sourceDigest, key: keyOf(workload, { sourceDigest, version }) };
  });
}

function keyOf(
  { command, inputs }: Workload,
  { sourceDigest, version }: { readonly sourceDigest: string | undefined; readonly version: string },
): string {
  const files = Object.entries(inputs).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([version, sourceDigest ?? null, command, files]))
    .digest('hex')
    .slice(0, KEY_DIGITS);
}

/** @throws FleetError FLEET_SAME_NAME */
function requireOwnNames(workloads: readonly Workload[]): void {
  const names = new Set<string>();
  const writers = new Map<string, string>();
  for (const { name, results } of workloads) {
    if (names.has(name))
      throw new FleetError('FLEET_SAME_NAME', `two tasks are called '${name}'`, {
        hint: 'Give one of them a name of its own.',
      });
    names.add(name);
    for (const result of results) {
      const other = writers.get(result);
      if (other !== undefined)
        throw new FleetError('FLEET_SAME_NAME', `'${other}' and '${name}' would both write '${result}'`, {
          hint: 'Give one of them a name or a tag of its own.',
        });
      writers.set(result, name);
    }
  }
}
