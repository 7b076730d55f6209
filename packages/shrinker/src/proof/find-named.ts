import { posix } from 'node:path';
import { type ImageNeeds, planKeep, type SourceImage } from '@keepset/keep-planner';
import type { Difference } from '@keepset/run-comparison';
import { resolvePaths } from '@keepset/symlink-resolver';
import type { Run } from '../run/run.js';
import { toNeeds } from '../source/image-needs.js';
import type { Source } from '../source/open-source.js';
import { toPlannerSource } from '../source/planner-source.js';
import { type FindMissingOptions, type Missing, whatIsMore } from './find-missing.js';

/**
 * What the result says that it lacks, and the source has: files, and programs of PATH. A program that takes another way
 * when it is traced shows by its words alone what it needs on its own way.
 *
 * @returns undefined where it names nothing of the kind
 * @throws PlanError, EngineError
 */
export async function findNamed(
  source: Source,
  run: Run,
  differences: readonly Difference[],
  { plan, keep, listed }: Pick<FindMissingOptions, 'plan' | 'keep' | 'listed'>,
): Promise<Missing | undefined> {
  const names = namesIn(differences);
  if (names.length === 0) return undefined;
  const plannerSource = await toPlannerSource(source);
  const needs = toNeeds(source.image, run.options);
  const files = await existing(names, plannerSource, needs);
  const programs = names.filter((name) => !name.includes('/'));
  const more = await planKeep([], plannerSource, {
    ...keep,
    needs,
    listed,
    alsoListed: plan.listed,
    keep: [...(keep.keep ?? []), ...files],
    callersPrograms: [
      ...(keep.callersPrograms ?? []),
      ...programs.map((name) => ({
        name,
        caller: 'the command, which says that it is missing',
        optional: true as const,
      })),
    ],
  });
  return whatIsMore(plan, more, listed);
}

/** What leads to a file, from the root or from where the run begins. */
async function existing(
  names: readonly string[],
  { tree }: SourceImage,
  { runDirectory, workingDirectory = '/' }: ImageNeeds,
): Promise<readonly string[]> {
  const paths = names.map((name) => posix.resolve('/', runDirectory ?? workingDirectory, name));
  const ends = await resolvePaths(
    paths.map((path) => ({ path })),
    tree,
  );
  return paths.filter((path, index) => {
    const end = ends[index];
    // A folder would stand for all that is in it.
    return end?.failure === undefined && tree.get(end?.path ?? '')?.type === 'file' && NAME.test(path);
  });
}

/** As C's strerror, shells, interpreters and loaders put it. */
const COMPLAINT =
  /not found|no such (?:file|program|module)|(?:can(?:no|')t|could not|couldn't|unable to|failed to) (?:find|open|load|access|read|run|start|exec)|does(?: not|n't) exist|missing/i;
/** Colons and quotation marks, also those that programs print in UTF-8, stand around what a complaint is about. */
const MARKS = /(?:[:"'`]|\xe2\x80[\x98\x99\x9c\x9d])+/;
/** A path without anything that a pattern would take otherwise, or the name of a file or program. */
const NAME = /^\/?\w[\w.+,/-]*$/;
/** What no pattern may hold. */
const DOTS = /(?:^|\/)\.\.?(?:\/|$)/;
const NAMES_MAX = 20;

/** @returns distinct names, as they stand in complaints of the result that the source does not have */
function namesIn(differences: readonly Difference[]): readonly string[] {
  const lines = differences.flatMap((difference) =>
    'result' in difference && typeof difference.result === 'string' ? [difference.result] : [],
  );
  const names = lines
    .filter((line) => COMPLAINT.test(line))
    .flatMap((line) => line.split(MARKS))
    // A path may stand among words, the name of a program alone.
    .flatMap((part) => [part.trim(), ...part.split(/\s+/).filter((word) => word.startsWith('/'))])
    .filter((part) => NAME.test(part) && !DOTS.test(part));
  return [...new Set(names)].slice(0, NAMES_MAX);
}
