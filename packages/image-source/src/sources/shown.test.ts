import type { LinkReader } from '@keepset/symlink-resolver';
import { describe, expect, it } from 'vitest';
import { readShown } from './shown.js';

/** /var/data is a link to /srv. */
const links: LinkReader = {
  readLinks: async (paths) =>
    paths.map((path) => {
      if (path === '/var/data') return { kind: 'link', target: '../srv' };
      if (path === '/etc/motd') return { kind: 'other' };
      return ['/', '/var', '/srv', '/etc'].includes(path) ? { kind: 'directory' } : { kind: 'missing' };
    }),
};
const configured = (config: unknown) => ({ architecture: 'amd64', os: 'linux', config }) as never;

describe('where volumes are mounted', () => {
  it.each([
    ['/srv/a', '/srv/a'],
    ['/var/data', '/srv'],
    ['/var/data/a/b', '/srv/a/b'],
    ['var/data/../log/', '/var/log'],
    ['../../x', '/x'],
    ['/none/a', '/none/a'],
    ['/etc/motd/a', '/etc/motd/a'],
    ['', '/'],
  ])('%j: %s', async (volume, place) => {
    expect((await readShown(configured({ Volumes: { [volume]: {} } }), links)).volumes).toEqual([place]);
  });

  it.each([[null], [undefined], [{}], [{ Volumes: null }]])(
    'of the configuration %j: nowhere',
    async (config) => {
      expect((await readShown(configured(config), links)).volumes).toEqual([]);
    },
  );

  it('of a path of which only the first folder is there asks no more than that', async () => {
    let asked = 0;
    const counting: LinkReader = {
      readLinks: (paths) => {
        asked += paths.length;
        return links.readLinks(paths);
      },
    };
    const volume = `/srv${'/a'.repeat(1000)}`;
    expect((await readShown(configured({ Volumes: { [volume]: {} } }), counting)).volumes).toEqual([volume]);
    expect(asked).toBeLessThan(10);
  });
});
