import { defineCommand } from '../options/command-definition.js';
import { IMAGE_NAMES, IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';

export const EMIT = defineCommand({
  name: 'emit',
  summary: 'write a Dockerfile that makes results again without keepset',
  usage: ['emit dockerfile -o DIR [--tools IMAGE] MANIFEST', 'emit bake -o DIR [--tools IMAGE] MANIFEST...'],
  description: 'Write what makes a result again with docker build (BuildKit), without keepset.',
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote. DIR must be new or empty. Of the source the configuration is
needed. ${IMAGE_NAMES}`,
  topic: 'Make an image',
  examples: [
    { does: 'A folder that docker build makes the result of', line: 'emit dockerfile -o context m.json' },
    { does: 'Several results, for docker buildx bake', line: 'emit bake -o contexts web.json worker.json' },
  ],
  placing: 'anywhere',
  operands: [
    { name: 'FORM', noun: 'form', choices: ['dockerfile', 'bake'] },
    { name: 'MANIFEST', noun: 'manifest', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        required: 'folder',
        description: 'The folder to write',
      },
      source: {
        type: 'text',
        value: 'IMAGE',
        repeatable: true,
        defaultText: 'looked for at the engine',
        description: 'The source of MANIFEST; of several, each is found by its ID',
      },
      tools: {
        type: 'text',
        value: 'IMAGE',
        defaultText: '`debian:bookworm-slim`',
        description: 'An image with GNU tar and coreutils',
      },
    }),
    IMAGE_OPTIONS,
  ],
});
