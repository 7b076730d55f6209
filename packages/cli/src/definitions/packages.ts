import { defineCommand } from '../options/command-definition.js';
import { IMAGE_NAMES, IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';
import { TABLE_OPTIONS } from '../options/table-options.js';

export const PACKAGES = defineCommand({
  name: 'packages',
  summary: 'list the packages that were used, and how much of them',
  usage: ['packages [OPTIONS] MANIFEST|IMAGE'],
  description: `List the packages of which the runs of a manifest used files (executed, loaded or read them), with how much;
or, given an image, all its packages.`,
  notes: `A package counts with its regular files. A file of two packages (a Debian package and a Python distribution) counts
for both. A word that names a file is a manifest, as keepset shrink --manifest FILE wrote it; any other is an image.
${IMAGE_NAMES}`,
  topic: 'Say what software is in it',
  examples: [
    { does: 'What was used of each package, the largest first', line: 'packages --sort bytes m.json' },
    { does: 'All packages of an image', line: 'packages debian:12' },
    { does: 'Of an image in a layout, without an engine', line: 'packages oci:layout:1.0' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST|IMAGE', noun: 'manifest or image' }],
  groups: [
    optionGroup('Options', {
      unused: { type: 'flag', description: 'Of a manifest: list the packages of which no run used a file' },
      sort: {
        type: 'choice',
        choices: ['name', 'bytes', 'files'],
        default: 'name',
        description: 'Sort by name, or by how much of them was used, the most first',
      },
    }),
    IMAGE_OPTIONS,
    TABLE_OPTIONS,
  ],
});
