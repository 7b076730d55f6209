import { isSharedLibrary } from './shared-library.js';

/** What a file is, as far as its path tells; each kind has a colour in style.css. */
export type FileKind = (typeof FILE_KINDS)[number];

/** In the order in which they are drawn, from below. */
export const FILE_KINDS = ['library', 'program', 'code', 'document', 'data'] as const;

export const KIND_TITLES: Readonly<Record<FileKind, string>> = {
  library: 'shared libraries',
  program: 'programs',
  code: 'code',
  document: 'documents, translations',
  data: 'other data',
};

const PATTERNS: readonly (readonly [FileKind, RegExp])[] = [
  ['program', /\/(?:s?bin|libexec)\//],
  ['document', /^\/usr\/(?:local\/)?share\/(?:doc|info|locale|man)\/|\.(?:html?|md|pdf|rst|txt)$/],
  ['code', /\.(?:class|[cm]?js|go|jar|lua|php|p[lm]|pyc?|rb|[rR]|rd[bx]|sh|tcl|[cm]?ts|wasm)$/],
];

/** @example fileKind('/usr/lib/libssl.so.3') // 'library' */
export function fileKind(path: string): FileKind {
  if (isSharedLibrary({ type: 'file', path })) return 'library';
  return PATTERNS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'data';
}
