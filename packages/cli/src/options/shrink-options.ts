import type { Options } from 'yargs';
import { OUTPUT_OPTION_DEFINITIONS } from './output-options.js';
import { KEEPSET_GROUP as GROUP, SOURCE_OPTION_DEFINITIONS } from './source-options.js';
import { VERIFY_OPTION_DEFINITIONS } from './verify-options.js';

/** Everything that `keepset shrink` takes. */
export const SHRINK_OPTION_DEFINITIONS: Readonly<Record<string, Options>> = {
  tag: {
    type: 'string',
    array: true,
    nargs: 1,
    alias: 't',
    group: GROUP,
    description: 'Name of the result (NAME[:TAG]); repeatable',
  },
  locked: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Build what this keep list says, without tracing',
  },
  from: {
    type: 'string',
    array: true,
    nargs: 1,
    group: GROUP,
    description:
      "A file of 'keepset trace': build what its runs used, without running them again; repeatable",
  },
  manifest: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Write the manifest (JSON: what was kept, removed, and why) to this file',
  },
  report: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Write an HTML page of what was kept, removed, and why to this file',
  },
  ...VERIFY_OPTION_DEFINITIONS,
  builder: {
    type: 'string',
    nargs: 1,
    choices: ['direct', 'dockerfile'],
    group: GROUP,
    description:
      'Make the result of the kept files (direct, the default), or by a Dockerfile that removes the others, flattened: the same image, slower',
  },
  layers: {
    type: 'string',
    nargs: 1,
    choices: ['one', 'by-package'],
    group: GROUP,
    description:
      'One layer (the default), or one for each of the larger packages, which results of one source can share',
  },
  sbom: {
    type: 'boolean',
    group: GROUP,
    description:
      'Attach the bill of materials (CycloneDX) to the result, in -o type=oci and at registries (--push)',
  },
  metadata: {
    type: 'string',
    nargs: 1,
    choices: ['used', 'all', 'none'],
    group: GROUP,
    description:
      'Package databases, which scanners read: rewritten to what is left (used, the default), all as they are (all), or none besides what the command reads (none)',
  },
  remainder: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description:
      'Name (NAME[:TAG]) of a second image: the layers of the result, and the rest of IMAGE in one more above them',
  },
  quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print only the ID of the result' },
  json: { type: 'boolean', group: GROUP, description: 'Print one JSON object' },
  ...OUTPUT_OPTION_DEFINITIONS,
  ...SOURCE_OPTION_DEFINITIONS,
};
