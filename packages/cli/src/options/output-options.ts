import { IMAGE_OPTIONS } from './image-options.js';
import { optionGroup } from './option.js';

/** Where a result goes and how it is configured: in the words of docker buildx and docker import. */
export const OUTPUT_OPTIONS = optionGroup('The result', {
  tag: {
    type: 'text',
    alias: 't',
    value: 'NAME[:TAG]',
    repeatable: true,
    description: 'Name of the result',
  },
  output: {
    type: 'text',
    alias: 'o',
    value: 'type=docker|oci|tar|local,dest=PATH|type=registry,ref=NAME',
    repeatable: true,
    description:
      'Write the result to an archive, a folder or a registry (without the engine), as docker buildx does (also `compression=none|gzip|zstd|estargz|zstdchunked`, `tar=false`; a folder gets no device nodes without `devices=true`); `PATH` alone is a folder, `-` standard output. Without `-t` the engine keeps no image',
  },
  compression: {
    type: 'choice',
    choices: ['none', 'gzip', 'zstd', 'estargz', 'zstdchunked'],
    default: 'none',
    description:
      'Compression of each `-o` that names none. `estargz` and `zstdchunked`, for `oci` and `registry`, are gzip and zstd of which lazy pullers read parts; `estargz` has what a run used first in front, and an ID of its own',
  },
  change: {
    type: 'text',
    value: "'INSTRUCTION'",
    repeatable: true,
    description:
      "Change the result's configuration by a Dockerfile instruction (`ENV A=b`), as docker import does, once the result is verified",
  },
  push: {
    type: 'flag',
    description: 'Push each name of `-t` to its registry, with the credentials of docker login',
  },
  insecure: IMAGE_OPTIONS.options.insecure,
  iidfile: { type: 'text', value: 'FILE', description: 'Write the ID of the result to this file' },
  'metadata-file': {
    type: 'text',
    value: 'FILE',
    description: 'Write names and digests of the result to this file, as JSON like that of docker buildx',
  },
});
