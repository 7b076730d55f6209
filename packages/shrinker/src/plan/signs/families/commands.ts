import { type Family, isMet } from './family.js';

const COMMAND = /^(.*\/management\/commands)\/([^_/][^/]*)\.py$/;

/**
 * Commands of Django and its like: the folder is listed, and the module of the one that was named is loaded.
 *
 * @see Django documentation, "How to create custom django-admin commands"
 */
export const commands: Family = {
  kind: 'commands-removed',
  title: 'management commands',
  lookedUpIn(kept, { plan }) {
    const [, folder] = COMMAND.exec(kept.path) ?? [];
    return isMet(kept) && plan.listed.includes(folder as never) ? folder : undefined;
  },
  nameOf: (path) => COMMAND.exec(path)?.[2],
  isUsed: isMet,
  cure: 'run those that will be wanted, or keep them with what they import; if there are none, all is well',
};
