import type { FileAspect } from '../difference.js';
import type { FileState } from '../run-outcome.js';

/** What of a file does not vary by chance. */
export const FILE_FACTS: Readonly<
  Record<Exclude<FileAspect, 'missing' | 'extra' | 'content' | 'link-target'>, (state: FileState) => string>
> = {
  type: ({ type }) => type,
  mode: ({ mode }) => mode.toString(8).padStart(4, '0'),
  owner: ({ uid, gid }) => `${uid}:${gid}`,
};
