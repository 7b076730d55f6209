import { stringify } from 'yaml';
import { type Author, type Deposit, nameOfAuthor, orcidUrl } from './deposit.js';

/** The formats ask for a description. */
export function descriptionOf({
  metadata: { title, description },
  images,
}: Pick<Deposit, 'metadata' | 'images'>): string {
  const what =
    images.length === 1
      ? 'a container image, the commands that were run in it'
      : `${images.length} container images, the commands that were run in them`;
  return description ?? `${title}: ${what}, and what they gave.`;
}

/**
 * How a deposit is cited, with the software that it used as references.
 *
 * @see Citation File Format 1.2.0
 */
export function cffText(deposit: Deposit): string {
  const { metadata, software, created } = deposit;
  const { title, authors, license, keywords, version, doi, repository } = metadata;
  return stringify(
    {
      'cff-version': '1.2.0',
      message: 'Please cite this deposit as below. The references are the software that its runs used.',
      type: 'dataset',
      title,
      authors: authors.length === 0 ? ANONYMOUS : authors.map(toCffAuthor),
      abstract: descriptionOf(deposit),
      'date-released': created.slice(0, 10),
      ...(license !== undefined && { license }),
      ...(keywords !== undefined && { keywords }),
      ...(version !== undefined && { version }),
      ...(doi !== undefined && { doi }),
      ...(repository !== undefined && { 'repository-code': repository }),
      ...(software.length > 0 && {
        references: software.map(({ name, version, purls }) => ({
          type: 'software',
          title: name,
          authors: ANONYMOUS,
          ...(version !== undefined && { version }),
          ...(purls.length > 0 && {
            identifiers: purls.map((value) => ({ type: 'other', value, description: 'Package URL' })),
          }),
        })),
      }),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

/** The format asks for authors of everything. */
const ANONYMOUS = [{ name: 'anonymous' }];

function toCffAuthor(author: Author): object {
  return {
    ...('name' in author
      ? { name: author.name }
      : {
          'family-names': author.familyNames,
          ...(author.givenNames !== undefined && { 'given-names': author.givenNames }),
        }),
    ...(author.affiliation !== undefined && !('name' in author) && { affiliation: author.affiliation }),
    ...(author.orcid !== undefined && { orcid: orcidUrl(author.orcid) }),
  };
}

/**
 * @returns JSON-LD
 * @see CodeMeta 2.0
 */
export function codemetaText(deposit: Deposit): string {
  const { metadata, software, created, images } = deposit;
  const { title, authors, license, keywords, version, doi, repository } = metadata;
  return toJson({
    '@context': 'https://doi.org/10.5063/schema/codemeta-2.0',
    '@type': 'SoftwareSourceCode',
    name: title,
    description: descriptionOf(deposit),
    dateModified: created.slice(0, 10),
    ...(authors.length > 0 && { author: authors.map(toCodemetaPerson) }),
    ...(license !== undefined && { license: licenseUrl(license) }),
    ...(keywords !== undefined && { keywords }),
    ...(version !== undefined && { version }),
    ...(doi !== undefined && { identifier: `https://doi.org/${doi}` }),
    ...(repository !== undefined && { codeRepository: repository }),
    operatingSystem: eachOnce(images.map(({ os }) => os)),
    processorRequirements: eachOnce(images.map(({ architecture }) => architecture)),
    softwareRequirements: software.map(({ name, version, purls }) => ({
      '@type': 'SoftwareApplication',
      name,
      ...(version !== undefined && { version }),
      ...(purls.length > 0 && { identifier: purls[0] }),
    })),
  });
}

function eachOnce(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}

function toCodemetaPerson(author: Author): object {
  const { orcid, affiliation } = author;
  return {
    ...(orcid !== undefined && { '@id': orcidUrl(orcid) }),
    '@type': 'name' in author ? 'Organization' : 'Person',
    ...('name' in author
      ? { name: author.name }
      : { ...(author.givenNames && { givenName: author.givenNames }), familyName: author.familyNames }),
    ...(affiliation !== undefined && { affiliation: { '@type': 'Organization', name: affiliation } }),
  };
}

/**
 * What Zenodo fills its form with.
 *
 * @returns JSON
 * @see Zenodo, "REST API", deposit metadata
 */
export function zenodoText(deposit: Deposit): string {
  const { title, authors, license, keywords, version, doi } = deposit.metadata;
  return toJson({
    title,
    upload_type: 'dataset',
    // Zenodo reads it as HTML.
    description: escapeHtml(descriptionOf(deposit)),
    creators: (authors.length === 0 ? [{ name: 'anonymous' }] : authors).map((author) => ({
      name: 'familyNames' in author ? familyFirst(author) : nameOfAuthor(author),
      ...('affiliation' in author && author.affiliation && { affiliation: author.affiliation }),
      ...('orcid' in author && author.orcid && { orcid: orcidUrl(author.orcid).slice(-19) }),
    })),
    ...(license !== undefined && { access_right: 'open', license: license.toLowerCase() }),
    ...(keywords !== undefined && { keywords }),
    ...(version !== undefined && { version }),
    ...(doi !== undefined && { doi }),
  });
}

function familyFirst({ familyNames, givenNames }: { familyNames: string; givenNames?: string }): string {
  return givenNames === undefined ? familyNames : `${familyNames}, ${givenNames}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Where SPDX tells of a licence. */
export function licenseUrl(license: string): string {
  return `https://spdx.org/licenses/${encodeURIComponent(license)}`;
}
