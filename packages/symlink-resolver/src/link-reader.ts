/** What is at a path, as lstat(2) and readlink(2) tell: only a link's target and whether one can go on. */
export type LinkAnswer =
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory' }
  /** A file, a socket, a device: it is there, but nothing can be below it. */
  | { readonly kind: 'other' }
  | { readonly kind: 'missing' };

/**
 * The port through which the resolver sees a file tree.
 *
 * A whole round of questions is one call, so that a reader behind a slow door (a container) is asked a
 * few times in all, not once per path.
 */
export interface LinkReader {
  /**
   * @param paths  absolute byte strings without `.`, `..` or `//`; no path comes twice in one resolution.
   *               The last component is not to be followed (as lstat). A path below a link may be asked,
   *               because links above it are not known yet; its answer is then not used.
   * @returns      one answer per path, in the order asked
   */
  readLinks(paths: readonly string[]): Promise<readonly LinkAnswer[]>;
}
