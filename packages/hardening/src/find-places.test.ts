import { describe, expect, it } from 'vitest';
import { findPlaces, type ImageEntry, type PlacesImage } from './find-places.js';

/** Paths of an image; folders end with a slash. */
function image(paths: readonly string[], owners: Readonly<Record<string, number>> = {}): PlacesImage {
  const entries = new Map(
    ['/', ...paths].map((text): [string, ImageEntry] => {
      const path = text.length > 1 ? text.replace(/\/$/, '') : text;
      const type = text.endsWith('/') ? 'directory' : 'file';
      return [path, { path, type, mode: path === '/tmp' ? 0o1777 : 0o755, uid: owners[path] ?? 0 }];
    }),
  );
  return {
    get: (path) => entries.get(path),
    hasContents: (folder) => [...entries.keys()].some((path) => path.startsWith(`${folder}/`)),
  };
}

const places = (
  written: readonly string[],
  paths: readonly string[],
  { owners = {}, executed = [] }: { owners?: Record<string, number>; executed?: readonly string[] } = {},
) => {
  const found = findPlaces(
    written.map((path) => ({ path, isNew: true })),
    image(paths, owners),
    executed,
  );
  return [
    ...found.writable.map(({ path, kind, executable }) => `${kind} ${path}${executable ? ' exec' : ''}`),
    ...found.rootWrites.map((path) => `root ${path}`),
  ];
};

describe('where a container must be writable', () => {
  it.each([
    ['what is temporary, in memory', ['/tmp/x'], ['/tmp/'], ['tmpfs /tmp']],
    ['a temporary folder that has contents', ['/run/x'], ['/run/', '/run/app/'], ['volume /run']],
    ['two places, one in the other', ['/run/x', '/run/app/y'], ['/run/', '/run/app/'], ['volume /run']],
    ['state, in a volume', ['/srv/app/data/x'], ['/srv/', '/srv/app/'], ['volume /srv/app']],
    ['a folder that the run makes', ['/srv/new'], ['/srv/'], ['volume /srv']],
    ['the root itself', ['/out'], [], ['root /out']],
    [
      'folders of programs',
      ['/usr/bin/x', '/usr/lib/y'],
      ['/usr/', '/usr/bin/', '/usr/lib/'],
      ['root /usr/bin/x', 'root /usr/lib/y'],
    ],
    ['what engines have in memory', ['/dev/shm/x', '/proc/self/x'], ['/dev/'], []],
    ['a name that no option can hold', ['/srv/a:b/x'], ['/srv/', '/srv/a:b/'], ['volume /srv']],
  ])('%s', (_, written, paths, expected) => {
    expect(places(written, paths)).toEqual(expected);
  });

  it('another user’s folder keeps its owner, which memory has not', () => {
    expect(places(['/run/app/x'], ['/run/', '/run/app/'], { owners: { '/run/app': 33 } })).toEqual([
      'volume /run/app',
    ]);
  });

  it('programs are executed where some were', () => {
    expect(places(['/tmp/x'], ['/tmp/'], { executed: ['/tmp/x'] })).toEqual(['tmpfs /tmp exec']);
  });
});
