/** The flags of the *at calls, and of others, that say which file a path means. */
export interface AtFlags {
  /** Whether a link in the last component is followed; undefined: as the call does by itself. */
  readonly follow: boolean | undefined;
  /** An empty path means the descriptor's own file. */
  readonly emptyPath: boolean;
  /** renameat2: both names stay and change places. */
  readonly exchange: boolean;
}

export const NO_FLAGS: AtFlags = { follow: undefined, emptyPath: false, exchange: false };

const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_SYMLINK_FOLLOW = 0x400;
const AT_EMPTY_PATH = 0x1000;
const RENAME_EXCHANGE = 2;

/** Flags as names, or as a number (-X raw). */
export function parseAtFlags(text: string): AtFlags {
  const bits = /^[|0-9a-fx]+$/.test(text) ? text.split('|').reduce((sum, part) => sum | Number(part), 0) : 0;
  const stays = /NOFOLLOW|DONT_FOLLOW/.test(text) || (bits & AT_SYMLINK_NOFOLLOW) !== 0;
  const goes = /SYMLINK_FOLLOW|F_SYMLINKS/.test(text) || (bits & AT_SYMLINK_FOLLOW) !== 0;
  return {
    follow: stays ? false : goes ? true : undefined,
    emptyPath: text.includes('_EMPTY_PATH') || (bits & AT_EMPTY_PATH) !== 0,
    exchange: text.includes('RENAME_EXCHANGE') || (bits & RENAME_EXCHANGE) !== 0,
  };
}
