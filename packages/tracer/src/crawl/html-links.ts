import { Parser } from 'htmlparser2';
import { cssLinks } from './css-links.js';
import { parseSrcset } from './srcset.js';

/** The references of a document, as they stand in it. */
export interface HtmlLinks {
  /** Of `<base href>`. */
  readonly base: string | undefined;
  /** What a browser loads to show it. */
  readonly embedded: readonly string[];
  /** Where its reader may go next. */
  readonly linked: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;

/** Attributes whose reference is loaded with the document, by the element. */
const EMBEDDED: Readonly<Record<string, readonly string[]>> = {
  audio: ['src'],
  body: ['background'],
  embed: ['src'],
  frame: ['src'],
  feimage: ['href', 'xlink:href'],
  iframe: ['src'],
  image: ['href', 'xlink:href'],
  img: ['src'],
  input: ['src'],
  object: ['data'],
  script: ['src', 'href', 'xlink:href'],
  source: ['src'],
  table: ['background'],
  td: ['background'],
  th: ['background'],
  track: ['src'],
  use: ['href', 'xlink:href'],
  video: ['src', 'poster'],
};
const LINKED: ReadonlySet<string> = new Set(['a', 'area']);

/** What `<link>` says of its reference. */
const EMBEDDED_RELATIONS =
  /(?:^|\s)(?:stylesheet|icon|apple-touch-icon|mask-icon|preload|modulepreload|prefetch|manifest)(?:\s|$)/i;
const LINKED_RELATIONS = /(?:^|\s)(?:next|prev|alternate|help|search|license|author)(?:\s|$)/i;

/** What a browser asks for where a document names no icon. */
export const ICON = '/favicon.ico';

/**
 * The references of an HTML or SVG document: `href`, `src`, `srcset` and their like, and those of its styles.
 *
 * @param options.hasIcon  whether no icon is to be asked for where none is named. Default false
 * @see HTML Standard, "Links", "Attributes"; SVG 2, "Linking"
 */
export function htmlLinks(
  html: string,
  { isXml = false, hasIcon = false }: { readonly isXml?: boolean; readonly hasIcon?: boolean } = {},
): HtmlLinks {
  const embedded: string[] = [];
  const linked: string[] = [];
  let base: string | undefined;
  let namesIcon = hasIcon;
  let style: string | undefined;
  const parser = new Parser(
    {
      onopentag(tag, attributes: Attributes) {
        const name = tag.toLowerCase();
        if (name === 'base') base ??= attributes.href;
        if (name === 'style') style = '';
        if (name === 'link') namesIcon ||= /(?:^|\s)icon(?:\s|$)/i.test(attributes.rel ?? '');
        embedded.push(...embeddedBy(name, attributes));
        linked.push(...linkedBy(name, attributes));
      },
      ontext(text) {
        if (style !== undefined) style += text;
      },
      onclosetag(tag) {
        if (tag.toLowerCase() !== 'style' || style === undefined) return;
        embedded.push(...cssLinks(style));
        style = undefined;
      },
    },
    { decodeEntities: true, lowerCaseAttributeNames: true, xmlMode: isXml },
  );
  parser.end(html);
  if (!namesIcon && !isXml) embedded.push(ICON);
  return { base, embedded, linked };
}

function embeddedBy(name: string, attributes: Attributes): readonly string[] {
  const { rel = '', href, srcset, imagesrcset, style, content = '' } = attributes;
  const links = (Object.hasOwn(EMBEDDED, name) ? (EMBEDDED[name] ?? []) : []).flatMap(
    (attribute) => attributes[attribute] ?? [],
  );
  if (name === 'link' && href !== undefined && EMBEDDED_RELATIONS.test(rel)) links.push(href);
  if (name === 'meta' && /^refresh$/i.test(attributes['http-equiv'] ?? '')) {
    const [, target] = /^[^;,]*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(content) ?? [];
    if (target !== undefined) links.push(target.trim());
  }
  const sets = [srcset, name === 'link' ? imagesrcset : undefined].flatMap((set) => parseSrcset(set ?? ''));
  return [...links, ...sets, ...(style === undefined ? [] : cssLinks(style))];
}

function linkedBy(name: string, attributes: Attributes): readonly string[] {
  const href = attributes.href ?? attributes['xlink:href'];
  if (href === undefined) return [];
  const isLink =
    name === 'link' &&
    LINKED_RELATIONS.test(attributes.rel ?? '') &&
    !EMBEDDED_RELATIONS.test(attributes.rel ?? '');
  return isLink || LINKED.has(name) ? [href] : [];
}
