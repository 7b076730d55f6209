import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const SBOM = defineCommand({
  name: 'sbom',
  summary: 'print the bill of materials of a result, as CycloneDX or SPDX',
  usage: ['sbom [OPTIONS] MANIFEST', 'sbom [OPTIONS] -o DIR FLEET|DIR'],
  description:
    'Print the bill of materials of a result: the packages of which it has files, and which files. Of a fleet (a fleet.yaml) or a folder with manifests, a file of each result is written.',
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote. SPDX needs a date: SOURCE_DATE_EPOCH, or now.`,
  topic: 'Say what software is in it',
  examples: [
    { does: 'CycloneDX, of what is left', line: 'sbom m.json > result.cdx.json' },
    { does: 'Of each result of a fleet: bills/NAME.cdx.json', line: 'sbom -o bills fleet.yaml' },
    { does: 'SPDX', line: 'sbom --format spdx m.json > result.spdx.json' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'FILE|DIR',
        defaultText: 'standard output',
        description: 'The file to write; of a fleet, a folder or a pattern, the folder',
      },
      format: {
        type: 'choice',
        choices: ['cyclonedx', 'spdx'],
        default: 'cyclonedx',
        description: 'CycloneDX 1.6 or SPDX 2.3, in JSON',
      },
    }),
  ],
});
