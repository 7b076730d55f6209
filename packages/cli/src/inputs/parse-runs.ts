import { UsageError } from '../options/usage-error.js';
import { shellWords } from './shell-words.js';

/** A run of the command line. */
export interface ParsedRun {
  readonly name: string;
  /** As they follow IMAGE. */
  readonly command: readonly string[];
}

/**
 * NAME=COMMAND, with the command in shell notation.
 *
 * @param option  from which the values are
 * @example parseRuns(["base=Rscript 'a b.R'"]) // [{ name: 'base', command: ['Rscript', 'a b.R'] }]
 * @throws UsageError
 */
export function parseRuns(values: readonly string[], option = 'run'): readonly ParsedRun[] {
  const runs = values.map((value) => {
    const [, name, text] = /^([^=\s]+)=(.*)$/s.exec(value) ?? [];
    if (name === undefined || text === undefined)
      throw new UsageError(`--${option} ${value}: the name is missing`, `Write --${option} NAME='COMMAND'.`);
    return { name, command: shellWords(text, `--${option} ${name}`) };
  });
  const twice = runs.find(({ name }, index) => runs.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) throw new UsageError(`two runs are called '${twice.name}'`);
  return runs;
}
