import { type PlanOptions, parsePatternList } from '@keepset/keep-planner';
import { callersProgramsOf } from '../options/callers.js';
import type { KEEP_OPTIONS } from '../options/keep-options.js';
import type { GroupValues } from '../options/option.js';
import { UsageError } from '../options/usage-error.js';
import { readTextFile } from './read-text-file.js';

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
 * @throws UsageError  a file that cannot be read, a value of `--keep` that is no path of the image
 */
export function toKeepOptions(
  options: GroupValues<typeof KEEP_OPTIONS> & { readonly 'keep-list'?: string | undefined },
): KeepArguments {
  const patternsOf = (name: 'keep-file' | 'drop-file') =>
    options[name].flatMap((file) => parsePatternList(readTextFile(file, `--${name}`)));
  requirePatterns(options.keep);
  const keep = [...options.keep, ...patternsOf('keep-file')];
  const drop = [...options.drop, ...patternsOf('drop-file')];
  const callersPrograms = options.for.flatMap(callersProgramsOf);
  const { 'keep-package': keepPackages, listed, 'round-up': roundUp, secrets } = options;
  return {
    options: {
      ...(keep.length > 0 && { keep }),
      ...(callersPrograms.length > 0 && { callersPrograms }),
      ...(keepPackages.length > 0 && { keepPackages }),
      ...(drop.length > 0 && { drop }),
      ...(listed !== undefined && { listed }),
      ...(roundUp !== undefined && { roundUp }),
      ...(secrets !== undefined && { secrets }),
    },
    listFile: options['keep-list'],
  };
}

const WILDCARD = /[*?[\]{}]/;

/** A name alone is rather a file of the caller's: an earlier keepset wrote the keep list there. */
function requirePatterns(values: readonly string[]): void {
  const name = values.find((value) => !value.startsWith('/') && !WILDCARD.test(value));
  if (name === undefined) return;
  throw new UsageError(
    `--keep ${name}: no path of the image, which begins with /`,
    `To write the list of kept paths, use --keep-list ${name}; to keep what is called so anywhere, --keep '**/${name}'.`,
  );
}
