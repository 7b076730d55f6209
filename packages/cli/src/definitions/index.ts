import { defineCommand } from '../options/command-definition.js';
import { IMAGE_OPTIONS } from '../options/image-options.js';
import { optionGroup } from '../options/option.js';

export const INDEX = defineCommand({
  name: 'index',
  summary: 'join results of several platforms under one name',
  usage: ['index [OPTIONS] -t NAME RESULT...', 'index [OPTIONS] -o type=oci,dest=FILE [-t NAME] RESULT...'],
  description:
    'Join results of several platforms into one OCI image index, without an engine: at the registry of NAME, or in an archive or layout. What is attached to each result stays attached.',
  notes: `RESULT is \`docker://NAME\` at a registry, \`oci:FOLDER[:TAG]\` or \`oci-archive:FILE[:TAG]\`; of an index, all its images
are taken. Two images of one platform are refused. The digest of the index is printed.`,
  topic: 'Make an image',
  examples: [
    {
      does: 'One name at a registry for two archives',
      line: 'index -t ghcr.io/me/small oci-archive:amd64.tar oci-archive:arm64.tar',
    },
    {
      does: 'An archive of what is in two layouts',
      line: 'index -o type=oci,dest=small.tar oci:amd64 oci:arm64',
    },
  ],
  placing: 'anywhere',
  operands: [{ name: 'RESULT', noun: 'result', repeatable: true }],
  groups: [
    optionGroup('Options', {
      tag: {
        type: 'text',
        alias: 't',
        value: 'NAME[:TAG]',
        repeatable: true,
        description: 'Name of the index; without `-o` it is sent there',
      },
      output: {
        type: 'text',
        alias: 'o',
        value: 'type=oci,dest=PATH|type=registry,ref=NAME',
        repeatable: true,
        description: 'Write the index to an archive (a folder with `tar=false`), or send it to a registry',
      },
      insecure: IMAGE_OPTIONS.options.insecure,
    }),
  ],
});
