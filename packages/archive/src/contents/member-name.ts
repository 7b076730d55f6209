import { ArchiveError } from '../archive-error.js';
import { plainLine } from '../deposit/quote.js';

/** Longer ones are refused by file systems. */
const NAME_BYTES_MAX = 4096;

/**
 * A name of a member, as it may be used below a folder.
 *
 * @param name  relative, with `/`
 * @throws ArchiveError ARCHIVE_INVALID  it leads out of the folder, or is not the plain name of anything
 */
export function requireMemberName(name: string): string {
  const parts = name.split('/');
  const why =
    (name.startsWith('/') && 'it is absolute') ||
    (parts.includes('..') && 'it leads out of the folder') ||
    (parts.some((part) => part === '' || part === '.') && 'it is not a plain path') ||
    (name.includes('\\') && 'it has a backslash') ||
    (name.includes('\0') && 'it has a NUL') ||
    (name.includes('\ufffd') && 'it is no UTF-8') ||
    (Buffer.byteLength(name) > NAME_BYTES_MAX && 'it is too long');
  if (why) throw invalidMember(name, why);
  return name;
}

export function invalidMember(name: string, why: string): ArchiveError {
  return new ArchiveError(
    'ARCHIVE_INVALID',
    `'${plainLine(name.slice(0, 200))}' cannot be part of a deposit: ${why}`,
    {
      hint: 'It was not made by keepset, or was changed since: get it again from where it is published.',
    },
  );
}
