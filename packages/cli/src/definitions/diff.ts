import { defineCommand } from '../options/command-definition.js';
import { IMAGE_NAMES, IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';
import { TABLE_OPTIONS } from '../options/table-options.js';

export const DIFF = defineCommand({
  name: 'diff',
  summary: 'compare manifests, keep lists or images; of one manifest, print what was removed',
  usage: ['diff [OPTIONS] A B', 'diff [OPTIONS] MANIFEST|FLEET'],
  description: `Print which files and packages only A has, which only B has, and which differ; or, of one manifest, what its
result lacks of its source. A and B are manifests (their results), keep lists or images. Of two fleets (a fleet.yaml), or folders with manifests, print
which results differ, by their names: in size, verdict, paths and packages; of one fleet, what its last round changed.`,
  notes: `A word that names a file is a manifest or a keep list; any other is an image. Of two images the contents are read
and compared; elsewhere a file has changed when its size or its time has. Only what both sides know is compared.
${IMAGE_NAMES}`,
  topic: 'See what was kept, and why',
  examples: [
    { does: 'What was removed', line: 'diff m.json' },
    { does: 'Two images, by package', line: 'diff --by package debian:12 debian:13' },
    {
      does: 'What became of all results since a copy was made of their manifests',
      line: 'diff old-manifests fleet.yaml',
    },
    { does: 'Fail where two results differ', line: 'diff --exit-code old.json new.json' },
  ],
  usual: ['by', 'depth', 'times', 'exit-code', 'platform', 'json', 'limit'],
  placing: 'anywhere',
  operands: [
    { name: 'A', noun: 'manifest, fleet, keep list or image' },
    { name: 'B', noun: 'manifest, fleet, keep list or image', optional: true },
  ],
  groups: [
    optionGroup('Options', {
      by: {
        type: 'choice',
        choices: ['path', 'package', 'dir', 'right'],
        defaultText: 'packages, then paths',
        description:
          'Print one table: by path, package or folder; or the rights (`right`) of two manifests or folders that shrink --harden wrote',
      },
      depth: {
        type: 'number',
        value: 'N',
        min: 1,
        default: 2,
        description: 'With `--by dir`: how many folders deep',
      },
      times: {
        type: 'flag',
        description: 'Count the time of modification of folders, links and files of the same content, too',
      },
      'exit-code': { type: 'flag', description: 'End with exit status 1 when there is a difference' },
    }),
    IMAGE_OPTIONS,
    TABLE_OPTIONS,
  ],
});
