import { expect, it } from 'vitest';
import { parseIdentity } from './identity.js';

const status = (uid: number, gid: number, groups: string) =>
  `Name:\tloader\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nGid:\t${gid}\t${gid}\t${gid}\t${gid}\nGroups:\t${groups} \nNStgid:\t1\n`;

it.each([
  ['root', 'HOME=/root\0', status(0, 0, ''), { uid: 0, gid: 0, supplementaryGids: [], home: '/root' }],
  [
    'a user with groups',
    'A=1\0HOME=/home/jo\0',
    status(1500, 100, '7 2500'),
    { uid: 1500, gid: 100, supplementaryGids: [7, 2500], home: '/home/jo' },
  ],
  ['no HOME', 'A=1\0', status(1, 2, '2'), { uid: 1, gid: 2, supplementaryGids: [2], home: undefined }],
  ['no environment', '', status(1, 2, '2'), { uid: 1, gid: 2, supplementaryGids: [2], home: undefined }],
  ['an empty HOME', 'HOME=\0', status(1, 2, ''), { uid: 1, gid: 2, supplementaryGids: [], home: '' }],
  [
    'a variable that looks like another',
    'A=x\nHOME=/false\nUid:\t0\0HOME=/true\0',
    status(9, 9, ''),
    { uid: 9, gid: 9, supplementaryGids: [], home: '/true' },
  ],
])('reads the identity of %s', (_, environment, text, expected) => {
  expect(parseIdentity(environment + text)).toEqual(expected);
});
