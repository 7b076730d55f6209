import { ECOSYSTEMS } from '../installed-package.js';
import { type CitationContents, plainText, toCitations } from './citations.js';
import { ECOSYSTEM_TITLES } from './ecosystem-titles.js';

/**
 * What runs used, in sentences for the methods section of a paper: one paragraph per ecosystem.
 *
 * @example 'R packages: ggplot2 3.4.1, scales 1.2.1.'
 */
export function toCitationText(contents: CitationContents): string {
  const { runs, image, system, unownedFiles } = contents;
  const citations = toCitations(contents);
  const commands = runs.map(({ name, command }) => plainText(`${name} (${command})`)).join(', ');
  const within = system.prettyName ? `, ${system.prettyName}` : '';
  const paragraphs = [
    `Software used by ${commands || 'no run'} in ${plainText(image.name)} (${plainText(image.digest)})${plainText(within)}.`,
  ];
  for (const ecosystem of ECOSYSTEMS) {
    const own = citations.filter((each) => each.ecosystem === ecosystem);
    if (own.length === 0) continue;
    const names = own.map(({ name, version }) => (version === '' ? name : `${name} ${version}`));
    const [title, plural] = [ECOSYSTEM_TITLES[ecosystem], own.length === 1 ? '' : 's'];
    const many = ecosystem === 'java' && plural ? 'Java libraries' : `${title}${plural}`;
    paragraphs.push(`${many}: ${names.join(', ')}.`);
  }
  if (unownedFiles > 0) {
    const [files, are] = unownedFiles === 1 ? ['file belongs', 'is'] : ['files belong', 'are'];
    paragraphs.push(`${unownedFiles} used ${files} to no package, and ${are} not cited.`);
  }
  return `${paragraphs.join('\n\n')}\n`;
}
