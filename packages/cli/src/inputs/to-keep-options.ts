import { type PlanOptions, parsePatternList } from '@keepset/keep-planner';
import type { KEEP_OPTIONS } from '../options/keep-options.js';
import type { GroupValues } from '../options/option.js';
import { UsageError } from '../options/usage-error.js';
import { readTextFile } from './read-text-file.js';
import { splitKeepValues } from './split-keep-values.js';

/** What to keep besides what runs use, as the planner takes it. */
export type KeepOptions = Omit<PlanOptions, 'needs'>;

/** The options about what to keep, with the pattern files read. */
export interface KeepArguments {
  readonly options: KeepOptions;
  /** Where to write the keep list. */
  readonly listFile: string | undefined;
}

/**
 * @param options  `keep-list` where the command has it
 * @throws UsageError  a file that cannot be read, two files to write
 */
export function toKeepOptions(
  options: GroupValues<typeof KEEP_OPTIONS> & { readonly 'keep-list'?: string | undefined },
): KeepArguments {
  const patternsOf = (name: 'keep-file' | 'drop-file') =>
    options[name].flatMap((file) => parsePatternList(readTextFile(file, `--${name}`)));
  const { file, patterns } = splitKeepValues(options.keep);
  const keepList = options['keep-list'];
  if (file !== undefined && keepList !== undefined && file !== keepList)
    throw new UsageError(
      `the keep list cannot be written to both ${file} and ${keepList}`,
      'Leave out --keep-list, or the value of --keep that is a file.',
    );
  const keep = [...patterns, ...patternsOf('keep-file')];
  const drop = [...options.drop, ...patternsOf('drop-file')];
  const { 'keep-package': keepPackages, listed, 'round-up': roundUp, secrets } = options;
  return {
    options: {
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
