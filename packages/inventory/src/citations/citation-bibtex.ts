import { type Citation, type CitationContents, toCitations } from './citations.js';
import { ECOSYSTEM_TITLES } from './ecosystem-titles.js';

/**
 * What runs used, as BibTeX. `@misc` is known to every style, and asks for no author and no year, which no manifest has.
 *
 * @see "BibTeXing", 3.1
 */
export function toBibtex(contents: CitationContents): string {
  const keys = new Set<string>();
  return toCitations(contents)
    .map((citation) => toEntry(citation, newKey(citation, keys)))
    .join('\n');
}

function toEntry({ ecosystem, name, version, purls }: Citation, key: string): string {
  const fields = {
    key: name,
    title: `{${escapeTex(name)}}`,
    howpublished: `${ECOSYSTEM_TITLES[ecosystem]}${version === '' ? '' : ` version ${escapeTex(version)}`}`,
    ...(version !== '' && { version: escapeTex(version) }),
    note: purls.map(escapeTex).join(', '),
  };
  const lines = Object.entries({ ...fields, key: escapeTex(fields.key) }).map(
    ([field, value]) => `  ${field} = {${value}},\n`,
  );
  return `@misc{${key},\n${lines.join('')}}\n`;
}

/** What BibTeX takes in a key, and no other entry has. */
function newKey({ ecosystem, name, version }: Citation, keys: Set<string>): string {
  const wanted = [ecosystem, name, version]
    .join('-')
    .replace(/[^A-Za-z0-9.+:-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  let key = wanted;
  for (let number = 2; keys.has(key.toLowerCase()); number++) key = `${wanted}-${number}`;
  keys.add(key.toLowerCase());
  return key;
}

const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // BibTeX counts braces, and one with a backslash before it as well.
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
};

function escapeTex(text: string): string {
  return text.replace(/[\\~^{}]|[&%$#_]/g, (sign) => TEX[sign] ?? `\\${sign}`);
}
