import { defineCommand } from '../options/command-definition.js';
import { MAKE_OPTIONS } from '../options/make-options.js';
import { optionGroup } from '../options/option.js';
import { OUTPUT_OPTIONS } from '../options/output-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';

export const FLATTEN = defineCommand({
  name: 'flatten',
  summary: 'make one layer of an image, its configuration kept',
  usage: ['flatten [OPTIONS] -t OUT IMAGE'],
  description:
    'Make one layer of all that IMAGE shows, without what its layers hide; the configuration stays.',
  notes: `SOURCE_DATE_EPOCH sets the time of creation; without it, it is that of IMAGE. IMAGE is one of the engine, or, without
an engine, \`docker://NAME\` at a registry, \`oci:FOLDER[:TAG]\`, \`oci-archive:FILE[:TAG]\` or
\`docker-archive:FILE[:NAME:TAG]\`: the result has the same id.`,
  topic: 'Make an image',
  examples: [
    { does: 'One layer, under a new name', line: 'flatten -t flat debian:12' },
    { does: 'As an OCI archive, without a name', line: 'flatten -o type=oci,dest=flat.tar debian:12' },
    {
      does: 'Of an image in a layout, without an engine',
      line: 'flatten -o type=oci,dest=flat.tar oci:layout:1.0',
    },
  ],
  usual: ['tag', 'output', 'push', 'change', 'platform', 'manifest', 'toolbox', 'quiet', 'json'],
  placing: 'leading',
  operands: [{ name: 'IMAGE', noun: 'image' }],
  groups: [
    OUTPUT_OPTIONS,
    optionGroup('Options', { ...MAKE_OPTIONS, platform: RUN_OPTIONS.options.platform }),
  ],
});
