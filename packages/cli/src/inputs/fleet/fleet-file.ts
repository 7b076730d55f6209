import { dirname, resolve } from 'node:path';
import type { Limits } from '@keepset/fleet';
import { z } from 'zod';
import { type Refusal, readCheckedDocument } from '../checked/checked-document.js';
import { parseSize } from '../parse-size.js';
import { isCatalogueName } from './catalogue-images.js';

/** The name that is looked for where no other is given. */
export const FLEET_FILE = 'fleet.yaml';

const text = z.string().min(1, 'it is empty');
const oneOrMore = z.union([text, z.array(text)]);
const taskName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,199}$/, 'it is of letters, digits, dots, dashes and underscores');

/** How an image is run. */
const howShape = {
  /** A keepset.yaml, from where this file is. */
  file: text.optional(),
  /** Words, or one line in shell notation. */
  command: oneOrMore.optional(),
  /** Of a service: what is asked of it, as keepset shrink has it. */
  http: oneOrMore.optional(),
  /** Whether the image says it itself, by its labels. */
  labels: z.boolean().optional(),
  /** Further options of keepset shrink: words. */
  options: z.array(z.string()).optional(),
};

const entryShape = z.strictObject({
  /** A name, or a pattern of those that a registry lists: registry.example.org/team/* */
  image: text.optional(),
  /** A file of names of images, one a line. */
  names: text.optional(),
  /** A folder of keepset record. */
  recording: text.optional(),
  /** Of the task. */
  name: taskName.optional(),
  /** Of the result. */
  tag: oneOrMore.optional(),
  ...howShape,
});

const size = z
  .string()
  .regex(/^\d+(\.\d+)?\s*[kmgt]?b?$/i, 'expected a size: 200m')
  .or(z.int().positive());

const fleetShape = z.strictObject({
  /** A name alone stands for an entry of it. */
  images: z
    .array(z.preprocess((item) => (typeof item === 'string' ? { image: item } : item), entryShape))
    .min(1, 'there is no image'),
  /** Of images that say nothing of their own. */
  runs: z.strictObject(howShape).optional(),
  results: z
    .strictObject({
      /** What is added to the tags of the sources. */
      suffix: text.optional(),
      /** A registry, or a place there: results are sent there, and not kept by the engine. */
      registry: text.optional(),
      /** A folder for OCI archives. */
      archives: text.optional(),
      /** A folder for manifests. */
      manifests: text.optional(),
      /** A file of keepset fleet layers: once it is there, results share layers. */
      layers: text.optional(),
    })
    .optional(),
  /** The folder of the record. */
  record: text.optional(),
  policies: z
    .strictObject({
      /** No result of a run that seems to have done too little. */
      strict: z.boolean().optional(),
      maxSize: size.optional(),
      /** Of the source: 0.3 */
      maxShare: z.number().positive().max(1).optional(),
      /** A result that is verified in part is one too few. */
      verified: z.boolean().optional(),
    })
    .optional(),
  /** How many tasks at a time. */
  jobs: z.int().positive().optional(),
  slurm: z
    .strictObject({
      /** Of sbatch: words. */
      options: z.array(z.string()).optional(),
    })
    .optional(),
  swarm: z
    .strictObject({
      /** Of keepset; default: the one of this version. */
      image: text.optional(),
      /** Folders that all nodes see, besides those of this file. */
      mounts: z.array(text).optional(),
      /** Of docker service create: which nodes. */
      constraints: z.array(z.string()).optional(),
      /** Variables of tasks. */
      environment: z
        .record(z.string().regex(/^[A-Za-z_]\w*$/, 'it is no name of a variable'), z.string())
        .optional(),
    })
    .optional(),
});

/** The schema of fleet.yaml, for editors. */
export function fleetSchema(): object {
  return z.toJSONSchema(fleetShape.extend({ images: z.array(z.union([text, entryShape])).min(1) }));
}

/** How an image is run, as it was written. */
export type FleetRuns = z.infer<z.ZodObject<typeof howShape>>;

/** What was written of one or of several images. */
export type FleetEntry = z.infer<typeof entryShape> & {
  readonly refuse: Refusal;
};

/** What fleet.yaml says, understood. */
export interface FleetFile {
  /** From which all its files are named, and in which tasks run. */
  readonly folder: string;
  readonly entries: readonly FleetEntry[];
  readonly runs: FleetRuns;
  readonly results: NonNullable<z.infer<typeof fleetShape>['results']>;
  /** The folder of the record, as it was written. */
  readonly record: string;
  readonly strict: boolean;
  readonly limits: Limits;
  readonly jobs: number | undefined;
  readonly slurmOptions: readonly string[];
  readonly swarm: NonNullable<z.infer<typeof fleetShape>['swarm']>;
}

const RECORD_FOLDER = 'fleet-record';

/**
 * Read a file that says which images a fleet has, how they are run, and where results go.
 *
 * @throws UsageError  names the file, the line, and what was expected there
 */
export function readFleetFile(file: string, workingDirectory: string): FleetFile {
  const { value, at } = readCheckedDocument(file, 'fleet', {
    shape: fleetShape,
    schema: 'Its schema is in docs/guides/fleet.md.',
  });
  const { images, runs = {}, results = {}, policies = {}, record = RECORD_FOLDER } = value;
  requireOneWay(runs, at(['runs']));
  const entries = images.map((entry, index): FleetEntry => {
    const refuse = at(['images', index]);
    requireOneWay(entry, refuse);
    requireImages(entry, refuse);
    return { ...entry, refuse };
  });
  const { strict = false, maxSize, maxShare, verified } = policies;
  return {
    folder: resolve(workingDirectory, dirname(file)),
    entries,
    runs,
    results,
    record,
    strict,
    limits: {
      ...(maxSize !== undefined && { sizeBytesMax: toBytes(maxSize) }),
      ...(maxShare !== undefined && { shareMax: maxShare }),
      ...(verified !== undefined && { verified }),
    },
    jobs: value.jobs,
    slurmOptions: value.slurm?.options ?? [],
    swarm: value.swarm ?? {},
  };
}

function toBytes(size: string | number): number {
  return typeof size === 'number' ? size : parseSize('maxSize', size.replace(/\s/g, ''));
}

/** @throws UsageError */
function requireOneWay({ file, command, http, labels }: FleetRuns, refuse: FleetEntry['refuse']): void {
  const ways = [
    file !== undefined && 'file',
    (command ?? http) !== undefined && 'command',
    labels && 'labels',
  ];
  const [first, second] = ways.filter((way) => typeof way === 'string');
  if (second !== undefined)
    throw refuse(`${first} and ${second} both say how it is run`, 'Leave one of them out.');
}

/** @throws UsageError */
function requireImages(entry: Omit<FleetEntry, 'refuse'>, refuse: FleetEntry['refuse']): void {
  const kinds = (['image', 'names', 'recording'] as const).filter((kind) => entry[kind] !== undefined);
  const [first, second] = kinds;
  if (second !== undefined)
    throw refuse(`${first} and ${second} both say which images`, 'Make two entries of it.');
  if (first === undefined && entry.file === undefined)
    throw refuse('there is no image', 'Add image, names, recording, or file: a keepset.yaml with an image.');
  const own = (['name', 'tag'] as const).find((key) => entry[key] !== undefined);
  if (own === undefined) return;
  if (first === 'names' || first === 'recording')
    throw refuse(`${own} is for one image, and ${first} may be several`, 'Leave it out.');
  if (entry.image !== undefined && isCatalogueName(entry.image))
    throw refuse(`${own} is for one image, and ${entry.image} may be several`, 'Leave it out.');
}
