import { type Family, isOpened } from './family.js';

const MODULE = /^(.*\/gconv)\/([A-Z][\w.-]*)\.so$/;
/** What programs use within themselves, whatever their input is in. */
const UNICODE = /^(?:UTF|UNICODE|UCS)/;

/** Modules of iconv(3): the C library loads one for each character set but its own. @see iconv(3), gconv-modules */
export const characterSets: Family = {
  kind: 'character-sets-removed',
  title: 'character sets',
  lookedUpIn(kept) {
    const [, folder, name = ''] = MODULE.exec(kept.path) ?? [];
    return isOpened(kept) && !UNICODE.test(name) ? folder : undefined;
  },
  nameOf: (path) => MODULE.exec(path)?.[2],
  isUsed: isOpened,
  cure: 'convert what will be converted, or keep their folder; if there is nothing else, all is well',
};
