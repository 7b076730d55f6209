import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const CITE = defineCommand({
  name: 'cite',
  summary: 'print the software that was used, for a paper: text, BibTeX or CFF',
  usage: ['cite [OPTIONS] MANIFEST'],
  description:
    'Print the software that the runs of a manifest really used, with versions, to be cited in a paper.',
  notes: `MANIFEST is what keepset shrink --manifest FILE wrote; no image is needed. Packages of a distribution are cited by the
source package. A manifest does not name authors: BibTeX goes without, CFF has a place for them.`,
  topic: 'Say what software is in it',
  examples: [
    { does: 'Sentences for the methods section', line: 'cite m.json' },
    { does: 'For the bibliography', line: 'cite --format bibtex m.json > software.bib' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      format: {
        type: 'choice',
        choices: ['text', 'bibtex', 'cff'],
        default: 'text',
        description: 'Sentences (`text`), BibTeX (`bibtex`), or a CITATION.cff (`cff`)',
      },
    }),
  ],
});
