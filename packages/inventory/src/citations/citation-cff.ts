import { type CitationContents, plainText, toCitations } from './citations.js';
import { ECOSYSTEM_TITLES } from './ecosystem-titles.js';

/** The format asks for authors of everything, and a manifest knows none. */
const AUTHORS = [{ name: 'anonymous' }];

/**
 * What runs used, as the references of a CITATION.cff.
 *
 * @see the Citation File Format 1.2.0
 */
export async function toCff(contents: CitationContents): Promise<string> {
  // Loaded only where it is needed: every command would start later.
  const { stringify } = await import('yaml');
  const { runs, image } = contents;
  const references = toCitations(contents).map(({ ecosystem, name, version, purls }) => ({
    type: 'software',
    title: name,
    ...(version !== '' && { version }),
    authors: AUTHORS,
    notes: ECOSYSTEM_TITLES[ecosystem],
    identifiers: purls.map((value) => ({ type: 'other', value, description: 'Package URL' })),
  }));
  const names = runs.map(({ name }) => name).join(', ');
  return stringify(
    {
      'cff-version': '1.2.0',
      message:
        'The references are the software that was used. Their authors are not known to keepset: fill them in.',
      type: 'software',
      title: plainText(`Software used by ${names || 'no run'} in ${image.name}`),
      authors: AUTHORS,
      identifiers: [{ type: 'other', value: plainText(image.digest), description: 'The image' }],
      ...(references.length > 0 && { references }),
    },
    { aliasDuplicateObjects: false, lineWidth: 0, defaultStringType: 'PLAIN' },
  );
}
