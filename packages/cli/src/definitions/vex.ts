import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const VEX = defineCommand({
  name: 'vex',
  summary: "print, as OpenVEX, which of a scanner's findings are not in a result",
  usage: ['vex --from FILE [OPTIONS] MANIFEST'],
  description:
    'Print, as OpenVEX, which vulnerabilities a result does not have because it has no file of the package.',
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote. Nothing is stated about a package of which a file is kept,
opened or not, nor where kept files of no package bear its name. The time is SOURCE_DATE_EPOCH, or now.`,
  topic: 'Say what software is in it',
  examples: [
    {
      does: 'Which findings of grype are gone with the files',
      line: 'vex --from grype.json m.json > vex.json',
    },
    { does: 'Of trivy, in your name', line: "vex --from trivy.json --author 'Example Ltd' m.json" },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      from: {
        type: 'text',
        value: 'FILE',
        required: 'findings',
        description:
          'What a scanner found in the source: JSON of grype or trivy, or records of the OSV format',
      },
      product: {
        type: 'text',
        value: 'PURL',
        repeatable: true,
        defaultText: 'by its name and ID',
        description: 'The result as a registry names it, `pkg:oci/NAME@sha256:DIGEST`',
      },
      author: { type: 'text', value: 'NAME', default: 'keepset', description: 'The author of the document' },
    }),
  ],
});
