// What layers can do to each other: some layers for each, that an engine takes as well.
import type { LayerEntry } from './make-image.ts';

const BASE: readonly LayerEntry[] = [
  ['a/'],
  ['a/file', {}, 'one'],
  ['a/other', { mode: 0o4755, uid: 1000, gid: 100 }, 'other'],
  ['a/below/'],
  ['a/below/deep', {}, 'deep'],
  ['a/link', { type: 'symlink', linkname: 'file' }],
  ['a/same', { type: 'link', linkname: 'a/file' }],
  ['b/', { mode: 0o1777 }],
  ['b/fifo', { type: 'fifo' }],
  ['b/tty', { type: 'character-device', devmajor: 5, devminor: 1 }],
];

/** What they do → the layers, the lowest first. */
export const CASES: Readonly<Record<string, readonly (readonly LayerEntry[])[]>> = {
  'one layer of each kind of entry': [BASE],
  'a file, a link, a folder and a pipe taken away': [
    BASE,
    [['a/'], ['a/.wh.file'], ['a/.wh.link'], ['a/.wh.below'], ['b/', { mode: 0o1777 }], ['b/.wh.fifo']],
  ],
  'one of the root': [BASE, [['.wh.b']]],
  'one of what is not there': [BASE, [['a/'], ['a/.wh.nothing'], ['.wh.none']]],
  'taken away, and there again': [
    BASE,
    [['a/'], ['a/.wh.below']],
    [['a/'], ['a/below/'], ['a/below/new', {}, 'new']],
  ],
  'an opaque folder': [BASE, [['a/', { mode: 0o700 }], ['a/.wh..wh..opq'], ['a/new', {}, 'new']]],
  'an opaque folder whose mark comes last': [
    BASE,
    [['a/'], ['a/new', {}, 'new'], ['a/below/'], ['a/.wh..wh..opq']],
  ],
  'an opaque folder in an opaque folder': [
    BASE,
    [['a/'], ['a/.wh..wh..opq'], ['a/below/'], ['a/below/.wh..wh..opq'], ['a/below/new']],
  ],
  'a file in place of a folder': [BASE, [['a', {}, 'no folder any more']]],
  'a link in place of a folder': [BASE, [['a', { type: 'symlink', linkname: 'b' }]]],
  'a folder in place of a file, and of a link': [
    BASE,
    [['a/'], ['a/file/'], ['a/file/x'], ['a/link/'], ['a/link/y']],
  ],
  'a folder in place of a file in place of a folder': [BASE, [['a']], [['a/'], ['a/new']]],
  'a file in place of a file, a link, a pipe and a device': [
    BASE,
    [
      ['a/'],
      ['a/other', {}, 'longer than before'],
      ['a/link', {}, 'no link'],
      ['b/', { mode: 0o1777 }],
      ['b/fifo'],
      ['b/tty', { type: 'symlink', linkname: 'fifo' }],
    ],
  ],
  'one of two hard links replaced': [BASE, [['a/'], ['a/same', {}, 'another']]],
  'one of two hard links taken away': [BASE, [['a/'], ['a/.wh.file']]],
  'hard links to a file that is copied up': [
    BASE,
    [
      ['a/'],
      ['a/other', { mode: 0o644 }, 'other'],
      ['b/', { mode: 0o1777 }],
      ['b/again', { type: 'link', linkname: 'a/other' }],
    ],
  ],
  'hard links to a link and to a pipe': [
    [
      ...BASE,
      ['b/link', { type: 'link', linkname: 'a/link' }],
      ['b/pipe', { type: 'link', linkname: 'b/fifo' }],
    ],
  ],
  'a folder with other rights': [BASE, [['a/', { mode: 0o2750, uid: 7, gid: 8 }]]],
  'names with ./ and slashes': [[['./a//'], ['./a//file', {}, 'x'], ['a/./more', {}, 'y']]],
  'a device of number 0 hides what is below': [
    BASE,
    [['a/'], ['a/file', { type: 'character-device', devmajor: 0, devminor: 0 }]],
  ],
  'times before 1970, and parts of a second': [
    [
      ['old', { pax: { mtime: '-5.5' } }],
      ['new', { pax: { mtime: '1323785716.123456789' } }],
    ],
  ],
  'long names, large owners, bytes': [
    [
      [`${'n'.repeat(200)}/`],
      [`${'n'.repeat(200)}/${'m'.repeat(200)}`, { pax: { uid: '3000000', gid: '2000000' } }],
      ['grüße', {}, 'x'],
    ],
  ],
  'many layers': Array.from({ length: 30 }, (_, at): LayerEntry[] => [
    ['a/', { mode: at % 2 === 0 ? 0o755 : 0o700 }],
    [`a/${at}`, {}, String(at)],
    ...(at < 2 ? [] : ([[`a/.wh.${at - 2}`]] satisfies LayerEntry[])),
  ]),
};

/**
 * All cases in one image, each in a folder of its own: what a case does to its root it does to that folder.
 *
 * @returns layers, the lowest first
 */
export function allCases(): readonly (readonly LayerEntry[])[] {
  const cases = Object.values(CASES);
  return Array.from({ length: Math.max(...cases.map(({ length }) => length)) }, (_, index) =>
    cases.flatMap((layers, at) => (layers[index] === undefined ? [] : below(`case-${at}`, layers[index]))),
  );
}

function below(folder: string, entries: readonly LayerEntry[]): readonly LayerEntry[] {
  return [
    [`${folder}/`],
    ...entries.map(([name, header = {}, content]): LayerEntry => {
      const linkname = header.type === 'link' ? `${folder}/${header.linkname}` : header.linkname;
      return [`${folder}/${name}`, { ...header, ...(linkname && { linkname }) }, content];
    }),
  ];
}
