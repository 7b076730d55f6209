// Which files of the repository are pages, and under which address.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const REPOSITORY = new URL('../', import.meta.url).pathname;

/** What is a page; everything else that is linked to is a file beside the pages. */
const PAGE = /^(docs\/.+|packages\/[^/]+\/README|site\/api\/[^/]+|CONTRIBUTING|SECURITY)\.md$/;

/** Where files lie that are no pages. */
const FILES = 'files/';

/**
 * Where a page of the repository stands in the site.
 *
 * @param path  of a Markdown file, from the repository's root
 * @example addressOf('docs/guides/ci.md') // 'guides/ci.md'
 * @example addressOf('packages/cli/README.md') // 'packages/cli.md'
 */
export function addressOf(path: string): string {
  return path
    .replace(/^docs\//, '')
    .replace(/^site\/api\//, 'api/')
    .replace(/^packages\/([^/]+)\/README\.md$/, 'packages/$1.md')
    .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase());
}

/**
 * What a link of a page leads to in the site.
 *
 * @param from  the page, from the repository's root
 * @param link  relative, as it stands there: to a page, to a folder with a README, or to any other file
 * @returns its address from the root of the site; `file` if the site has to have a copy of that file
 * @throws Error  nothing is there
 */
export function resolveLink(
  from: string,
  link: string,
): { readonly address: string; readonly file?: string } {
  const { pathname, hash } = new URL(link, `file:///${from}`);
  const path = decodeURIComponent(pathname.slice(1)).replace(/\/$/, '');
  const readme = join(path, 'README.md');
  const target = existsSync(join(REPOSITORY, readme)) ? readme : path;
  if (!existsSync(join(REPOSITORY, target)))
    throw new Error(`${from} has a link to ${link}: nothing is there`);
  if (PAGE.test(target)) return { address: `/${addressOf(target)}${hash}` };
  return { address: `/${FILES}${target}`, file: target };
}

/** The first heading of each page that matches, in the order of their names. */
export function headingsOf(pattern: string): readonly { readonly text: string; readonly path: string }[] {
  return globSync(pattern, { cwd: REPOSITORY })
    .sort()
    .map((path) => {
      const [, text = path] = /^# (.*)$/m.exec(readFileSync(join(REPOSITORY, path), 'utf8')) ?? [];
      return { text, path };
    });
}
