import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const PREFETCH = defineCommand({
  name: 'prefetch',
  summary: 'list the files that a lazy puller should fetch first',
  usage: ['prefetch --format FORMAT [-o FILE] MANIFEST'],
  description:
    'Print the files of a source that its runs read, in the order of their first use, for tools that pull images piece by piece.',
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote. The list is of the source, which stays what it is. Of several
runs, whichever came to a file earliest tells. Names that a format cannot hold (bytes that are no UTF-8; for soci and nydus
blanks at the end; for nydus a newline) are left out, and named on standard error.`,
  topic: 'Make an image',
  examples: [
    { does: 'For stargz-snapshotter', line: 'prefetch --format stargz m.json > record.json' },
    { does: 'For nydus-image, on its standard input', line: 'prefetch --format nydus -o files.txt m.json' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      format: {
        type: 'choice',
        choices: ['stargz', 'soci', 'nydus'],
        required: 'format',
        description:
          'For whom the list is: `stargz`, a record for `nerdctl image convert --estargz-record-in`; `soci`, for `soci create --prefetch-files-json`; `nydus`, for `nydus-image create --prefetch-policy fs`',
      },
      output: { type: 'text', alias: 'o', value: 'FILE', description: 'Write the list to this file' },
    }),
  ],
});
