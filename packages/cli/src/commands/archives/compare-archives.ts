import { type CompareOptions, compareResults, readResultFacts } from '@keepset/manifest';
import { manifestFiles, nameIn } from '../../inputs/manifest-files.js';
import type { ComparedResult, ResultSide } from '../../terminal/compared/print-compared-results.js';
import type { Console } from '../../terminal/console.js';
import { passedOver } from './passed-over.js';

/**
 * The results of two fleets, folders or patterns, by their names, one pair after another.
 *
 * @throws UsageError  one of them has none
 */
export async function* compareArchives(
  [before, after]: readonly [before: string, after: string],
  options: CompareOptions,
  console: Console,
): AsyncGenerator<ComparedResult> {
  const [one, other] = [await namedFiles(before, 'A'), await namedFiles(after, 'B')];
  for (const name of [...new Set([...one.keys(), ...other.keys()])].sort()) {
    let compared: ComparedResult | undefined;
    await passedOver(console, async () => {
      compared = await compareFiles(name, [one.get(name), other.get(name)], options);
    });
    if (compared !== undefined) yield compared;
  }
}

async function namedFiles(word: string, operand: string): Promise<ReadonlyMap<string, string>> {
  const found = await manifestFiles(word, operand);
  return new Map(found.files.map((file) => [nameIn(found, file), file]));
}

async function compareFiles(
  name: string,
  [before, after]: readonly [before: string | undefined, after: string | undefined],
  options: CompareOptions,
): Promise<ComparedResult> {
  if (before === undefined || after === undefined)
    return {
      ...{ name, kind: before === undefined ? 'added' : 'removed', files: undefined },
      before: before === undefined ? undefined : await readSide(before),
      after: after === undefined ? undefined : await readSide(after),
    };
  const compared = await compareResults(before, after, options);
  const isSame = compared.files.changes.size === 0 && compared.before.verdict === compared.after.verdict;
  return {
    ...{ name, kind: isSame ? 'same' : 'changed', files: compared.files },
    before: { said: compared.before.verdict, sizeBytes: compared.before.sizeBytes },
    after: { said: compared.after.verdict, sizeBytes: compared.after.sizeBytes },
  };
}

async function readSide(file: string): Promise<ResultSide> {
  const { verdict, sizeBytes } = await readResultFacts(file);
  return { said: verdict, sizeBytes };
}
