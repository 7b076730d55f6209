import { defineCommand } from '../options/command-definition.js';
import { IMAGE_NAMES, IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';
import { TABLE_OPTIONS } from '../options/table-options.js';

export const LS = defineCommand({
  name: 'ls',
  summary: 'list what was kept, or removed: by path, package, folder, run or program',
  usage: ['ls [OPTIONS] MANIFEST|IMAGE'],
  description:
    'List what a result has of its source, or what was removed, or what is in an image, path by path or in groups, the largest first.',
  notes: `By run and by process, a path counts for each run, and each program, that accessed it; what only options keep
counts as (options). A file of two packages counts for both; a content with several names counts once. A word that
names a file is a manifest, as keepset shrink --manifest FILE wrote it; any other is an image.
${IMAGE_NAMES}`,
  topic: 'See what was kept, and why',
  examples: [
    { does: 'What is large in the result', line: 'ls m.json' },
    { does: 'What was removed, by package', line: 'ls --removed --by package m.json' },
    { does: 'What is large in an image of a registry', line: 'ls --by dir docker://debian:12' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST|IMAGE', noun: 'manifest or image' }],
  groups: [
    optionGroup('Options', {
      removed: { type: 'flag', description: 'List what was removed' },
      by: {
        type: 'choice',
        choices: ['package', 'dir', 'run', 'process'],
        description: 'Print sums by package, folder, run or program',
      },
      depth: {
        type: 'number',
        value: 'N',
        min: 1,
        default: 2,
        description: 'With `--by dir`: how many folders deep',
      },
    }),
    IMAGE_OPTIONS,
    TABLE_OPTIONS,
  ],
});
