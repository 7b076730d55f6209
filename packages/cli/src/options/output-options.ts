import type { Options } from 'yargs';
import { KEEPSET_GROUP as GROUP } from './source-options.js';

/** What the result is like, and where it goes: in the words of docker buildx and docker import. */
export const OUTPUT_OPTION_DEFINITIONS: Readonly<Record<string, Options>> = {
  output: {
    type: 'string',
    array: true,
    nargs: 1,
    alias: 'o',
    group: GROUP,
    description:
      'Where else the result goes: type=docker|oci|tar|local,dest=PATH[,compression=none|gzip|zstd][,tar=false]; PATH alone is a folder, - standard output; repeatable',
  },
  compression: {
    type: 'string',
    nargs: 1,
    choices: ['none', 'gzip', 'zstd'],
    group: GROUP,
    description: 'Of what -o writes, where it does not say so itself',
  },
  change: {
    type: 'string',
    array: true,
    nargs: 1,
    group: GROUP,
    description: "A Dockerfile instruction for the result's configuration, as in docker import; repeatable",
  },
  push: { type: 'boolean', group: GROUP, description: 'Send each name of -t to its registry' },
  iidfile: { type: 'string', nargs: 1, group: GROUP, description: 'Write the ID of the result to this file' },
  'metadata-file': {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Write names and digests of the result (JSON, as docker buildx does) to this file',
  },
};
