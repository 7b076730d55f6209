import type { AskedPage, CrawledPath } from './crawl-pages.js';
import { ICON } from './html-links.js';

/**
 * What of the same server pages refer to, and was not asked for; sorted. But for the icon, which a browser asks for
 * though no page names it.
 */
export function unaskedLinks(pages: readonly AskedPage[]): readonly CrawledPath[] {
  const asked = new Set(pages.map(({ port, path }) => `${port}${path}`));
  const found = new Map<string, CrawledPath>();
  for (const { port, links } of pages)
    for (const path of [...links.embedded, ...links.linked])
      if (path !== ICON && !asked.has(`${port}${path}`)) found.set(`${port}${path}`, { port, path });
  return [...found.values()].sort((one, other) => one.port - other.port || (one.path < other.path ? -1 : 1));
}
