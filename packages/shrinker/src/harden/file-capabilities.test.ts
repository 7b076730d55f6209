import { expect, it } from 'vitest';
import { parseCapabilities } from './file-capabilities.js';

// As `getfattr -e hex -n security.capability` prints them.
it.each([
  ['of ping', '0100000200200000000000000000000000000000', ['NET_RAW']],
  ['of two', '0100000280040000000000000000000000000000', ['SETUID', 'NET_BIND_SERVICE']],
  ['beyond the first 32', '0100000200000000000000008000000000000000', ['BPF']],
  ['of none', '0100000200000000000000000000000000000000', []],
  ['cut off', '010000', []],
])('the capabilities of a file: %s', (_, hex, names) => {
  expect(parseCapabilities(Buffer.from(hex, 'hex'))).toEqual(names);
});
