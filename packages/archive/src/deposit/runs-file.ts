import { savedServiceShape } from '@keepset/shrinker';
import { z } from 'zod';
import { ArchiveError } from '../archive-error.js';
import { PART_FORMATS, WHOLE_FORMATS } from '../dates/date-formats.js';
import { DATES_MAX, type DateField } from '../dates/find-dates.js';
import type { Deposit, DepositImage, DepositRun } from './deposit.js';

/** Raised when a reader of older deposits would misunderstand a newer one. */
const VERSION = 1;
/** Of a deposit of several images, which has a list of them. */
const SEVERAL = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const sizeBytes = z.number().int().nonnegative();
/** Files of the deposit are read by it, so it must be below its folder. */
const placeIn = (folder: string) =>
  z.string().regex(new RegExp(`^${folder}(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)+$`), `not below ${folder}`);
const date = z.object({
  at: sizeBytes,
  length: z.number().int().min(1).max(64),
  // Any other would make a date of any text.
  formats: z.array(z.enum([...WHOLE_FORMATS, ...PART_FORMATS])).min(1),
});
const dates = z
  .array(date)
  .max(DATES_MAX)
  .refine(
    (all) => all.every(({ at }, index) => index === 0 || at >= endOf(all[index - 1])),
    'not sorted by place, or one within another',
  );
const content = z
  .object({ sha256, sizeBytes, at: placeIn('expected').optional(), dates: dates.optional() })
  .refine(({ sizeBytes, dates: all = [] }) => endOf(all.at(-1)) <= sizeBytes, {
    path: ['dates'],
    message: 'one is after the end',
  });
const printedPath = z.string().regex(/^\//);
const file = z.object({
  path: printedPath,
  type: z.string(),
  mode: z.number().int().min(0).max(0o7777),
  uid: z.number().int().nonnegative(),
  gid: z.number().int().nonnegative(),
  linkTarget: z.string().optional(),
  content: content.optional(),
});
/** Exit status, or status of an HTTP answer. */
const answer = z.number().int().min(0).max(999);
const step = z.object({ name: z.string(), exitStatus: answer.optional(), stdout: content, stderr: content });
const sample = z.object({
  exitStatus: z.number().int().min(0).max(255),
  stdout: content,
  stderr: content,
  steps: z.array(step).optional(),
  files: z.array(file),
});
const words = z.array(z.string());
/** It becomes part of a docker option, in which a colon has a meaning. */
const target = z.string().regex(/^\/[^:]*$/);

/** No other option of a deposit is given to an engine. */
const options = z
  .object({
    workdir: z.string(),
    user: z.string(),
    hostname: z.string(),
    readOnly: z.boolean(),
    init: z.boolean(),
    shmSize: z.string(),
    memory: z.string(),
    cpus: z.string(),
    pidsLimit: z.string(),
    tmpfs: words,
    ulimit: words,
    groupAdd: words,
    capDrop: words,
    stopSignal: z.string(),
  })
  .partial();

const mount = z.object({
  target,
  isReadOnly: z.boolean(),
  at: placeIn('inputs').optional(),
  files: z.array(z.object({ path: z.string(), sha256, sizeBytes })),
});
const run = z.object({
  name: z.string(),
  image: z.number().int().nonnegative().optional(),
  command: words,
  options,
  variables: words,
  mounts: z.array(mount),
  asked: savedServiceShape
    .refine(
      ({ steps }) => steps.every(({ kind }) => kind !== 'probe'),
      'a deposit runs nothing on the machine of its reader',
    )
    .optional(),
  notAsked: words.optional(),
  timeZone: z.string().optional(),
  notReplayed: z.string().optional(),
  samples: z.array(sample),
});
const image = z.object({
  name: z.string().optional(),
  id: digest,
  manifestDigest: digest,
  os: z.string(),
  architecture: z.string(),
  sourceName: z.string().optional(),
  sourceId: digest,
  variables: words.optional(),
  workdir: z.string().optional(),
  layers: words.optional(),
  remainder: z.object({ id: digest, manifestDigest: digest, layers: words }).optional(),
});
const runs = z
  .array(run)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two have one name');
const ofOne = z.object({ depositVersion: z.literal(VERSION), image, runs });
const ofSeveral = z
  .object({ depositVersion: z.literal(SEVERAL), images: z.array(image).min(1), runs })
  .refine(({ images, runs }) => runs.every(({ image = 0 }) => image < images.length), {
    path: ['runs'],
    message: 'one is of an image that is not there',
  });

/** The runs of a deposit, and what is expected of them. JSON. */
export function runsText({ images, runs }: Pick<Deposit, 'images' | 'runs'>): string {
  const [image] = images;
  const value =
    images.length === 1
      ? { depositVersion: VERSION, image, runs }
      : { depositVersion: SEVERAL, images, runs };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** @throws ArchiveError ARCHIVE_INVALID  names what is not as it should be */
export function parseRuns(text: string): {
  readonly images: readonly DepositImage[];
  readonly runs: readonly DepositRun[];
} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  const isOfSeveral = (value as { depositVersion?: unknown } | null)?.depositVersion === SEVERAL;
  const { success, data, error } = (isOfSeveral ? ofSeveral : ofOne).safeParse(value);
  if (success)
    return {
      images: ('image' in data ? [data.image] : data.images) as readonly DepositImage[],
      runs: data.runs as readonly DepositRun[],
    };
  const [issue] = error.issues;
  throw invalid(`${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message}`);
}

function endOf(field: DateField | undefined): number {
  return field === undefined ? 0 : field.at + field.length;
}

function invalid(reason: string): ArchiveError {
  return new ArchiveError('ARCHIVE_INVALID', `runs.json cannot be understood: ${reason}`);
}
