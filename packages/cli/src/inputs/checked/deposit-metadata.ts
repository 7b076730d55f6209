import type { Author, DepositMetadata } from '@keepset/archive';
import { z } from 'zod';
import { readCheckedDocument } from './checked-document.js';

const text = z.string().min(1, 'it is empty');
const orcid = z
  .string()
  .regex(/^(https:\/\/orcid\.org\/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/, 'not an ORCID: 0000-0002-1825-0097')
  .refine(hasCheckDigit, 'not an ORCID: its last digit is another');

const author = z
  .strictObject({
    'given-names': text.optional(),
    'family-names': text.optional(),
    name: text.optional(),
    orcid: orcid.optional(),
    affiliation: text.optional(),
  })
  .refine(
    (each) => (each.name === undefined) !== (each['family-names'] === undefined),
    "a person has 'family-names', and an organisation 'name'",
  );

const metadataShape = z.strictObject({
  title: text,
  authors: z.array(author).min(1, 'it is empty'),
  description: text.optional(),
  /** Of SPDX's list. */
  license: z
    .string()
    .regex(/^[A-Za-z0-9.+-]+$/, 'not an identifier of SPDX: CC-BY-4.0')
    .optional(),
  keywords: z.array(text).optional(),
  version: z.union([text, z.number()]).optional(),
  doi: z
    .string()
    .regex(/^10\.\d{4,9}\/\S+$/, 'not a DOI: 10.5281/zenodo.1234')
    .optional(),
  repository: z.url({ protocol: /^https?$/, error: 'not an address of the web' }).optional(),
});

/** The schema of the file, for editors. */
export function metadataSchema(): object {
  return z.toJSONSchema(metadataShape);
}

/**
 * Read a file that says what a deposit is called, and whose it is.
 *
 * @throws UsageError  names the file, the line, and what was expected there
 */
export function readDepositMetadata(file: string): DepositMetadata {
  const { value } = readCheckedDocument(file, '--metadata', {
    shape: metadataShape,
    schema: "Its keys are described in docs/guides/archive.md, under 'Metadata'.",
  });
  const { authors, version, ...others } = value;
  const given = Object.entries({ ...others, ...(version !== undefined && { version: String(version) }) });
  return {
    ...(Object.fromEntries(given.filter(([, each]) => each !== undefined)) as Pick<DepositMetadata, 'title'>),
    authors: authors.map(toAuthor),
  };
}

function toAuthor(given: z.infer<typeof author>): Author {
  const { 'given-names': givenNames, 'family-names': familyNames, name = '', orcid, affiliation } = given;
  const both = { ...(orcid !== undefined && { orcid }), ...(affiliation !== undefined && { affiliation }) };
  if (familyNames === undefined) return { ...both, name };
  return { ...both, familyNames, ...(givenNames !== undefined && { givenNames }) };
}

/** @see ISO 7064, MOD 11-2 */
function hasCheckDigit(text: string): boolean {
  const digits = text.replace(/^.*\//, '').replaceAll('-', '');
  const total = [...digits.slice(0, -1)].reduce((sum, digit) => (sum + Number(digit)) * 2, 0);
  const check = (12 - (total % 11)) % 11;
  return digits.endsWith(check === 10 ? 'X' : String(check));
}
