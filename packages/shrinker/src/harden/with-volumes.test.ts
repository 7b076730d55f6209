import { expect, it } from 'vitest';
import type { EndedRun } from '../run/ended-run.js';
import type { LeftFile } from '../run/left-files.js';
import { withVolumes } from './with-volumes.js';

const writable = [
  { path: '/srv', kind: 'volume', because: '/srv/a' },
  { path: '/run', kind: 'tmpfs', because: '/run/x' },
] as const;
const file = (more: Partial<LeftFile> = {}): LeftFile => ({
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  ...more,
});

/** What it wrote, of a run that left these files. */
async function written(files: Readonly<Record<string, LeftFile>>, places = writable as readonly object[]) {
  const ended = {
    left: {
      written: async () => [{ path: '/etc/x', isNew: false }],
      read: async (wanted: readonly { readonly path: string }[]) =>
        new Map(Object.entries(files).filter(([path]) => wanted.some((each) => path.startsWith(each.path)))),
    },
  } as unknown as EndedRun;
  const image = {
    kept: new Set(['/srv', '/srv/image', '/srv/database', '/etc/x']),
    rewritten: new Set(['/srv/database']),
  };
  const rights = { writable: places } as Parameters<typeof withVolumes>[1];
  return (await withVolumes(ended, rights, image).left.written()).map(({ path }) => path);
}

it.each<[string, Readonly<Record<string, LeftFile>>, readonly string[]]>([
  [
    'nothing',
    { '/srv': file(), '/srv/image': file({ isOfImage: true }), '/srv/database': file() },
    ['/etc/x'],
  ],
  [
    'what it made, and what it changed',
    { '/srv': file(), '/srv/new': file(), '/srv/image': file(), '/srv/database': file() },
    ['/etc/x', '/srv/new', '/srv/image'],
  ],
  ['what it removed', { '/srv': file() }, ['/etc/x', '/srv/image', '/srv/database']],
])('a run is known to have written to a volume %s', async (_, files, expected) => {
  expect(await written(files)).toEqual(expected);
});

it('without a volume, what the run knows is all', async () => {
  expect(await written({ '/srv/new': file() }, [writable[1]])).toEqual(['/etc/x']);
});
