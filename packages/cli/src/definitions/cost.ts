import { defineCommand } from '../options/command-definition.js';
import { KEEP_OPTIONS } from '../options/keep-options.js';
import { optionGroup } from '../options/option.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';
import { TABLE_OPTIONS } from '../options/table-options.js';

/** The runs are traced one after another. */
const { jobs: _, ...SOURCE } = SOURCE_OPTIONS.options;

export const COST = defineCommand({
  name: 'cost',
  summary: 'print what each of several runs adds',
  usage: [
    "cost [OPTIONS] --run NAME='COMMAND' [--run NAME='COMMAND'...] IMAGE",
    'cost [OPTIONS] [NAME=]MANIFEST|FLEET [[NAME=]MANIFEST|FLEET...]',
  ],
  description: `Print what each of several runs over one source costs: in all, alone, with others, and what it adds to the
runs before. Of a fleet (a fleet.yaml) or a folder with manifests, its results are the runs: a table of each source.`,
  notes: `UNIQUE and SHARED are TOTAL; the ADDS of all runs, in the order given, are the union. A command is split into words
as a shell does, and follows the image's ENTRYPOINT; for more, --run NAME="sh -c '...'". The commands are traced one after
another, each alone; their output goes to standard error. No image is made.`,
  topic: 'See what was kept, and why',
  examples: [
    {
      does: 'What each of two commands adds',
      line: "cost --run perl='perl -v' --run sort='sort /etc/passwd' debian:12",
    },
    { does: 'What the results of a fleet have in common, source by source', line: 'cost fleet.yaml' },
    { does: 'Of shrinks that were made before, by package', line: 'cost --by package base.json plots.json' },
  ],
  usual: ['by', 'depth', 'leave-one-out', 'run', 'file', 'env', 'volume', 'json', 'csv', 'quiet'],
  placing: 'leading',
  operands: [{ name: 'IMAGE', noun: 'image', optional: true, repeatable: true }],
  groups: [
    optionGroup('Options', {
      by: {
        type: 'choice',
        choices: ['run', 'package', 'dir'],
        default: 'run',
        description: 'Print each run as a whole, or its share in each package or folder',
      },
      depth: {
        type: 'number',
        value: 'N',
        min: 1,
        default: 2,
        description: 'With `--by dir`: how many folders deep',
      },
      'leave-one-out': { type: 'flag', description: 'Print as well what all runs but this one come to' },
      quiet: { type: 'flag', alias: 'q', description: 'Print only the table' },
    }),
    TABLE_OPTIONS,
    optionGroup(SOURCE_OPTIONS.title, SOURCE),
    KEEP_OPTIONS,
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
  ],
});
