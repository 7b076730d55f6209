/** What is at a path of the image: a link with its target, a folder, something else, or nothing. */
export type LinkAnswer =
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' }
  | { readonly kind: 'missing' };
