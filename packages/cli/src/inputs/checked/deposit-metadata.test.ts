import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UsageError } from '../../options/usage-error.js';
import { metadataSchema, readDepositMetadata } from './deposit-metadata.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, 'paper.yaml');
  writeFileSync(file, text);
  return readDepositMetadata(file);
}

const GOOD = `title: Plots
authors:
  - given-names: Josiah
    family-names: Carberry
    orcid: 0000-0002-1825-0097
  - name: The Plot Group
license: CC-BY-4.0
keywords: [plots]
version: 2
`;

it('reads YAML, and JSON', () => {
  const metadata = {
    title: 'Plots',
    authors: [
      { givenNames: 'Josiah', familyNames: 'Carberry', orcid: '0000-0002-1825-0097' },
      { name: 'The Plot Group' },
    ],
    license: 'CC-BY-4.0',
    keywords: ['plots'],
    version: '2',
  };
  expect(read(GOOD)).toEqual(metadata);
  expect(read('{"title": "A", "authors": [{"name": "B"}]}')).toEqual({
    title: 'A',
    authors: [{ name: 'B' }],
  });
});

it.each([
  [
    'a key that nobody knows',
    GOOD.replace('license', 'licence'),
    ":7: there is no key 'licence' here: did you mean",
  ],
  ['no title', 'authors: [{name: A}]', ':1: title is missing'],
  ['nobody', 'title: A\nauthors: []', ':2: authors: it is empty'],
  [
    'an ORCID with another digit',
    GOOD.replace('0097', '0098'),
    ':5: authors[0].orcid: not an ORCID: its last',
  ],
  ['an ORCID that is none', GOOD.replace('0000-', ''), ':5: authors[0].orcid: not an ORCID'],
  [
    'a person and an organisation',
    GOOD.replace('  - given', '  - name: A\n    given'),
    ':3: authors[0]: a person has',
  ],
  ['a licence in words', GOOD.replace('CC-BY-4.0', 'as you like'), ':7: license: not an identifier of SPDX'],
  ['a DOI that is an address', `${GOOD}doi: https://doi.org/10.5281/x\n`, ':10: doi: not a DOI'],
  ['an address of no web', `${GOOD}repository: javascript:alert(1)\n`, ':10: repository: not an address'],
  ['no YAML', 'title: [', ':1: '],
])('refuses %s, and says where', (_, text, message) => {
  const refused = () => read(text);
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
});

it('has the schema that is published', () => {
  const file = new URL('../../../schema/deposit.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(metadataSchema())));
});
