// Whether each link of the built site leads somewhere: to a page or a file of it, and to the place in it that is named.
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';

interface Page {
  /** From the root of the site. */
  readonly path: string;
  /** What can be named behind `#`. */
  readonly anchors: ReadonlySet<string>;
  /** Links, images, styles and scripts. */
  readonly links: readonly string[];
}

function readPage(folder: string, path: string): Page {
  const anchors = new Set<string>();
  const links: string[] = [];
  const parser = new Parser({
    onopentag: (_name, { id, href, src }) => {
      if (id !== undefined) anchors.add(id);
      links.push(...[href, src].filter((link) => link !== undefined));
    },
  });
  parser.end(readFileSync(join(folder, path), 'utf8'));
  return { path, anchors, links };
}

/**
 * @param folder  of the built site
 * @returns each dead link, with the page that has it; how many pages and links there are
 */
export function checkLinks(folder: string): {
  readonly dead: readonly string[];
  readonly pages: number;
  readonly links: number;
} {
  const pages = new Map(globSync('**/*.html', { cwd: folder }).map((path) => [path, readPage(folder, path)]));
  const links = [...pages.values()].flatMap(({ path, links: all }) => all.map((link) => ({ path, link })));
  const dead = links.filter(({ path, link }) => {
    const target = new URL(link, `site:///${path}`);
    if (target.protocol !== 'site:') return false;
    const place = decodeURIComponent(target.pathname.slice(1)).replace(/(^|\/)$/, '$1index.html');
    const page = pages.get(place);
    if (page === undefined)
      return !existsSync(join(folder, place)) || statSync(join(folder, place)).isDirectory();
    return target.hash !== '' && !page.anchors.has(decodeURIComponent(target.hash.slice(1)));
  });
  return { dead: dead.map(({ path, link }) => `${path}: ${link}`), pages: pages.size, links: links.length };
}
