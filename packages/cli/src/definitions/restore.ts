import { defineCommand } from '../options/command-definition.js';
import { MAKE_OPTIONS } from '../options/make-options.js';
import { optionGroup } from '../options/option.js';
import { OUTPUT_OPTIONS } from '../options/output-options.js';

export const RESTORE = defineCommand({
  name: 'restore',
  summary: 'add files of the source to a result, without tracing again',
  usage: [
    'restore [OPTIONS] -t OUT MANIFEST PATH...',
    'restore [OPTIONS] -t OUT --package NAME MANIFEST [PATH...]',
  ],
  description:
    'Make a result again with more files of its source, without tracing: what the manifest lists, and PATH with all below it.',
  notes:
    'MANIFEST is what keepset shrink --manifest FILE wrote. PATH is absolute, and may be a pattern, as in --keep. The image is not run.',
  topic: 'Make an image',
  examples: [
    { does: 'Bring a folder back', line: 'restore -t more m.json /usr/share/zoneinfo' },
    { does: 'Bring a whole package back', line: 'restore -t more --package tzdata m.json' },
  ],
  usual: ['tag', 'manifest', 'package', 'source', 'keep-list', 'output', 'push', 'toolbox', 'quiet', 'json'],
  placing: 'anywhere',
  operands: [
    { name: 'MANIFEST', noun: 'manifest' },
    { name: 'PATH', noun: 'path', optional: true, repeatable: true },
  ],
  groups: [
    OUTPUT_OPTIONS,
    optionGroup('Options', {
      package: {
        type: 'text',
        value: 'NAME',
        repeatable: true,
        description: 'Add the whole of this package; `deb:NAME` in one ecosystem only',
      },
      source: {
        type: 'text',
        value: 'IMAGE',
        description:
          'Where the source is, if no engine has it: `oci:FOLDER[:TAG]`, `oci-archive:FILE`, `docker-archive:FILE`, `docker://NAME`; it must be the same image',
      },
      'keep-list': {
        type: 'text',
        value: 'FILE',
        description: 'Write the new list of kept paths to this file',
      },
      ...MAKE_OPTIONS,
    }),
  ],
});
