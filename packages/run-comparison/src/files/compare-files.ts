import { compareContent } from '../compare-content.js';
import type { Difference, FileAspect, Masked, NotCompared } from '../difference.js';
import type { FileState } from '../run-outcome.js';
import { type HoldCounts, learnTextMask } from '../text/text-mask.js';
import { type AlignedFile, alignFiles } from './align-files.js';
import { compareCrowd } from './compare-crowd.js';
import { FILE_FACTS } from './file-facts.js';

type Files = ReadonlyMap<string, FileState>;

export interface FilesComparison {
  readonly differences: readonly Difference[];
  readonly masked: readonly Masked[];
  readonly notCompared: readonly NotCompared[];
  readonly isLikeNoise: boolean;
  /** Of what is no directory. */
  readonly files: HoldCounts;
}

export interface FilesEvidence {
  readonly samples: readonly Files[];
  readonly result: Files;
  /** Of further runs of the result. */
  readonly others: readonly Files[];
}

/**
 * Hold the files that a run left against those of the samples: which there are, their kind, rights, owner, content.
 *
 * @param isChancy  whether anything varies between the samples
 */
export async function compareFiles(
  { samples, result, others }: FilesEvidence,
  isChancy: boolean,
): Promise<FilesComparison> {
  const { aligned, crowds, missing, scarce, extra, varyingNames } = alignFiles(samples, result);
  const differences: Difference[] = [
    ...[...missing, ...scarce].map((path) => ({ kind: 'file', path, aspect: 'missing' }) as const),
    ...extra.map((path) => ({ kind: 'file', path, aspect: 'extra' }) as const),
  ];
  const masked: Masked[] = [];
  const notCompared: NotCompared[] = [];
  if (varyingNames !== undefined)
    masked.push({ where: 'file-names', variation: 'words', examples: varyingNames });
  // Random names come out as some that are missing and as many others that are extra.
  let isLikeNoise = missing.length === extra.length;
  for (const file of aligned) {
    const { path } = file;
    differences.push(...compareFacts(file));
    const comparison = await compareFileContent(file, others, isChancy);
    if (comparison === undefined) continue;
    const { mismatch, variation, notCompared: reason } = comparison;
    if (variation !== undefined) masked.push({ where: { path }, variation });
    if (reason !== undefined) notCompared.push({ where: { path }, reason });
    if (mismatch === undefined) continue;
    differences.push({ kind: 'file', path, aspect: 'content', ...withoutUndefined(mismatch) });
    isLikeNoise &&= comparison.isLikeNoise;
  }
  for (const crowd of crowds) {
    const comparison = compareCrowd(crowd);
    differences.push(...comparison.differences);
    notCompared.push(...comparison.notCompared);
  }
  return {
    differences,
    masked,
    notCompared,
    isLikeNoise: isLikeNoise && differences.every(mayBeNoise),
    files: countFiles(result, masked, notCompared),
  };
}

function countFiles(
  result: Files,
  masked: readonly Masked[],
  notCompared: readonly NotCompared[],
): HoldCounts {
  const pathsOf = (all: readonly { readonly where: Masked['where'] }[]) =>
    new Set(all.flatMap(({ where }) => (typeof where === 'object' && 'path' in where ? where.path : [])));
  const [varying, not] = [pathsOf(masked), pathsOf(notCompared)];
  const paths = [...result].flatMap(([path, { type }]) => (type === 'directory' ? [] : path));
  const notAtAll = paths.filter((path) => not.has(path)).length;
  const byMask = paths.filter((path) => varying.has(path) && !not.has(path)).length;
  return { exactly: paths.length - byMask - notAtAll, byMask, notAtAll };
}

function compareFacts({ path, samples, result }: AlignedFile): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [aspect, factOf] of Object.entries(FILE_FACTS)) {
    const [facts, ours] = [samples.map(factOf), factOf(result)];
    if (facts.includes(ours)) continue;
    differences.push({
      kind: 'file',
      path,
      aspect: aspect as FileAspect,
      source: facts[0] ?? '',
      result: ours,
    });
  }
  const targets = samples.flatMap(({ linkTarget }) => linkTarget ?? []);
  if (result.linkTarget !== undefined && targets.length === samples.length) {
    if (learnTextMask(targets).mismatch(result.linkTarget) !== undefined)
      differences.push({
        kind: 'file',
        path,
        aspect: 'link-target',
        source: targets[0] ?? '',
        result: result.linkTarget,
      });
  }
  return differences;
}

async function compareFileContent(
  { path, samples, result }: AlignedFile,
  others: readonly Files[],
  isChancy: boolean,
) {
  const contents = samples.flatMap(({ content }) => content ?? []);
  if (result.content === undefined || contents.length < samples.length) return undefined;
  const ofOthers = others.flatMap((files) => files.get(path)?.content ?? []);
  return await compareContent({ samples: contents, others: ofOthers }, result.content, { isChancy });
}

function mayBeNoise(difference: Difference): boolean {
  return (
    difference.kind === 'file' && ['missing', 'extra', 'content', 'link-target'].includes(difference.aspect)
  );
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
