import { cssLinks } from './css-links.js';
import { type HtmlLinks, htmlLinks } from './html-links.js';
import { requestPath } from './request-path.js';

/** What a server answered to GET. */
export interface Page {
  /** With its query, as it was asked for. */
  readonly path: string;
  /** Of the container. */
  readonly port: number;
  readonly status: number;
  /** As in its headers. */
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly body: Uint8Array;
}

/** To what of the same server a page refers: paths with their queries, sorted, each once. */
export interface PageLinks {
  /** What a browser loads to show it: styles, scripts, images, fonts, frames, and where it is sent on to. */
  readonly embedded: readonly string[];
  /** Where its reader may go next. */
  readonly linked: readonly string[];
}

/** A longer page is read so far. */
export const READ_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Read the references of a page: of HTML, SVG and CSS. What its scripts load is not seen.
 *
 * @example
 * const body = Buffer.from('<img src=b.png><a href=/c>');
 * pageLinks({ path: '/a/', port: 80, status: 200, contentType: 'text/html', body }) // { embedded: ['/a/b.png', '/favicon.ico'], linked: ['/c'] }
 */
export function pageLinks({ path, port, status, contentType = '', location, body }: Page): PageLinks {
  const isSentOn = status >= 300 && status < 400;
  // What a browser is sent on from, it does not show.
  const { base, embedded, linked } = isSentOn
    ? { base: undefined, embedded: location === undefined ? [] : [location], linked: [] }
    : bodyLinks(body, contentType, status);
  const sorted = (references: readonly string[], from: string | undefined): readonly string[] => {
    const paths = references.map((reference) => requestPath(reference, { path, port, base: from }));
    return [...new Set(paths.filter((each) => each !== undefined))].sort();
  };
  const own = sorted(embedded, base);
  const known = new Set(own);
  return { embedded: own, linked: sorted(linked, base).filter((each) => !known.has(each)) };
}

function bodyLinks(body: Uint8Array, contentType: string, status: number): HtmlLinks {
  const text = () => new TextDecoder().decode(body.subarray(0, READ_BYTES_MAX));
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // The page that stands for what is not there may stand for an image.
  if (isMarkup(type)) return htmlLinks(text(), { isXml: type !== 'text/html', hasIcon: status >= 400 });
  return { base: undefined, embedded: type === 'text/css' ? cssLinks(text()) : [], linked: [] };
}

function isMarkup(type: string): boolean {
  return type === 'text/html' || type === 'application/xhtml+xml' || type === 'image/svg+xml';
}
