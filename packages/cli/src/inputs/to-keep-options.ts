import { type PlanOptions, parsePatternList } from '@keepset/shrinker';
import { UsageError } from '../options/usage-error.js';
import { readTextFile } from './read-text-file.js';
import { splitKeepValues } from './split-keep-values.js';
import type { ParsedOptions } from './to-run-options.js';

export type KeepRules = Omit<PlanOptions, 'needs'>;

export interface KeepWishes {
  readonly rules: KeepRules;
  /** Where to write the keep list. */
  readonly listFile: string | undefined;
}

/**
 * The options about what to keep, with the pattern files read.
 *
 * @throws UsageError  a file that cannot be read, two files to write
 */
export function toKeepWishes(parsed: ParsedOptions): KeepWishes {
  const list = (name: string) => (parsed[name] as readonly string[] | undefined) ?? [];
  const patternsOf = (name: string) =>
    list(name).flatMap((file) => parsePatternList(readTextFile(file, `--${name}`)));
  const { file, patterns } = splitKeepValues(list('keep'));
  const keepList = parsed['keep-list'] as string | undefined;
  if (file !== undefined && keepList !== undefined && file !== keepList)
    throw new UsageError(`the keep list cannot be written to both ${file} and ${keepList}`);
  const keep = [...patterns, ...patternsOf('keep-file')];
  const keepPackages = list('keep-package');
  const drop = [...list('drop'), ...patternsOf('drop-file')];
  const choice = <T>(name: string) => parsed[name] as T | undefined;
  const [listed, roundUp, secrets] = [
    choice<NonNullable<KeepRules['listed']>>('listed'),
    choice<NonNullable<KeepRules['roundUp']>>('round-up'),
    choice<NonNullable<KeepRules['secrets']>>('secrets'),
  ];
  return {
    rules: {
      ...(keep.length > 0 && { keep }),
      ...(keepPackages.length > 0 && { keepPackages }),
      ...(drop.length > 0 && { drop }),
      ...(listed !== undefined && { listed }),
      ...(roundUp !== undefined && { roundUp }),
      ...(secrets !== undefined && { secrets }),
    },
    listFile: keepList ?? file,
  };
}
