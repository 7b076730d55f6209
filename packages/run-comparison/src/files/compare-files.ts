import { type AlignedFile, alignFiles } from './align-files.js';
import { compareContent } from '../compare-content.js';
import type { Difference, FileAspect, Masked } from '../difference.js';
import type { FileState } from '../run-outcome.js';
import { learnTextMask } from '../text/text-mask.js';

type Files = ReadonlyMap<string, FileState>;

export interface FilesComparison {
  readonly differences: readonly Difference[];
  readonly masked: readonly Masked[];
  readonly isLikeNoise: boolean;
}

/** Hold the files that a run left against those of the samples: which there are, their kind, rights, owner, content. */
export async function compareFiles(
  samples: readonly Files[],
  result: Files,
  others: readonly Files[],
): Promise<FilesComparison> {
  const { aligned, missing, extra, varyingNames } = alignFiles(samples, result);
  const differences: Difference[] = [
    ...missing.map((path) => ({ kind: 'file', path, aspect: 'missing' }) as const),
    ...extra.map((path) => ({ kind: 'file', path, aspect: 'extra' }) as const),
  ];
  const masked: Masked[] = [];
  if (varyingNames !== undefined)
    masked.push({ where: 'file-names', variation: 'words', examples: varyingNames });
  // Random names come out as some that are missing and as many others that are extra.
  let isLikeNoise = missing.length === extra.length;
  for (const file of aligned) {
    differences.push(...compareFacts(file));
    const comparison = await compareFileContent(file, others);
    if (comparison === undefined) continue;
    const { mismatch, variation } = comparison;
    if (variation !== undefined) masked.push({ where: { path: file.path }, variation });
    if (mismatch === undefined) continue;
    differences.push({ kind: 'file', path: file.path, aspect: 'content', ...withoutUndefined(mismatch) });
    isLikeNoise &&= comparison.isLikeNoise;
  }
  return {
    differences,
    masked,
    isLikeNoise: isLikeNoise && differences.every(mayBeNoise),
  };
}

/** What of a file does not vary by chance. */
const FACTS: Readonly<
  Record<Exclude<FileAspect, 'missing' | 'extra' | 'content' | 'link-target'>, (state: FileState) => string>
> = {
  type: ({ type }) => type,
  mode: ({ mode }) => mode.toString(8).padStart(4, '0'),
  owner: ({ uid, gid }) => `${uid}:${gid}`,
};

function compareFacts({ path, samples, result }: AlignedFile): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [aspect, factOf] of Object.entries(FACTS)) {
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

async function compareFileContent({ path, samples, result }: AlignedFile, others: readonly Files[]) {
  const contents = samples.flatMap(({ content }) => content ?? []);
  if (result.content === undefined || contents.length < samples.length) return undefined;
  const ofOthers = others.flatMap((files) => files.get(path)?.content ?? []);
  return await compareContent({ samples: contents, others: ofOthers }, result.content);
}

function mayBeNoise(difference: Difference): boolean {
  return (
    difference.kind === 'file' && ['missing', 'extra', 'content', 'link-target'].includes(difference.aspect)
  );
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
