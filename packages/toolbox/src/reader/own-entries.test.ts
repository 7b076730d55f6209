import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { isTouched, packEntries } from './own-entries.js';

const CREATED = Date.UTC(2024, 0, 2, 3, 4, 5, 678);

describe('a time is of the container, not of the image', () => {
  it.each([
    ['none', undefined, false],
    ['a day before', CREATED - 24 * 3600 * 1000, false],
    ['a second and more before', CREATED - 1700, false],
    ['the same second, as far as a tar tells it', Math.floor(CREATED / 1000) * 1000, true],
    ['a tick of the coarse clock before', CREATED - 4, true],
    ['the moment itself', CREATED, true],
    ['later', CREATED + 60_000, true],
    ['far in the future, as an image may say', CREATED + 366 * 24 * 3600 * 1000, false],
  ])('%s', (_, milliseconds, touched) => {
    const time = milliseconds === undefined ? undefined : new Date(milliseconds);
    expect(isTouched(time, CREATED)).toBe(touched);
  });
});

describe('own entries as a tar', () => {
  const old = new Date(Date.UTC(2001, 1, 3));
  const instead = new Date(Date.UTC(2020, 0, 1));
  const NONE = new Uint8Array();

  async function read(archive: Uint8Array) {
    const entries = extract();
    Readable.from([Buffer.concat([archive, Buffer.alloc(1024)])], { objectMode: false }).pipe(entries);
    const found: [string, object, string][] = [];
    for await (const entry of entries) {
      const { name, ...header } = entry.header;
      const content = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>)).toString();
      found.push([name, header, content]);
    }
    return found;
  }

  it('have the names, modes and times of the image, and leave room for more', async () => {
    const archive = await packEntries(
      [
        {
          path: '/',
          header: { name: '/', type: 'directory', mode: 0o40755, mtime: new Date(CREATED) },
          content: NONE,
        },
        { path: '/dev', header: { name: 'dev', type: 'directory', mode: 0o755, mtime: old }, content: NONE },
        {
          path: '/etc/hosts',
          header: { name: 'hosts', type: 'file', mode: 0o100600, uid: 1, gid: 2, mtime: old },
          content: Buffer.from('own'),
        },
        {
          path: '/etc/mtab',
          header: { name: 'mtab', type: 'symlink', linkname: '/proc/mounts' },
          content: NONE,
        },
      ],
      CREATED,
      instead,
    );
    expect(archive.length % 512).toBe(0);
    expect(Buffer.from(archive.slice(-512)).every((byte) => byte === 0)).toBe(false);
    const found = await read(archive);
    expect(found.map(([name, , content]) => [name, content])).toEqual([
      ['./', ''],
      ['dev/', ''],
      ['etc/hosts', 'own'],
      ['etc/mtab', ''],
    ]);
    expect(found.map(([, header]) => header)).toMatchObject([
      { type: 'directory', mode: 0o755, mtime: instead },
      { type: 'directory', mtime: old },
      { type: 'file', mode: 0o600, uid: 1, gid: 2, mtime: old },
      { type: 'symlink', linkname: '/proc/mounts', mtime: instead },
    ]);
  });

  it('are nothing at all when there are none', async () => {
    expect(await packEntries([], CREATED, instead)).toHaveLength(0);
  });
});
