import { expect, it } from 'vitest';
import { usedFiles } from './used-files.js';
import { usedMounts } from './used-mounts.js';

it('of a folder that was used itself, that is said, also where nothing in it was', () => {
  const types = new Map([
    ['/bin/app', 'file'],
    ['/etc/app.d', 'directory'],
    ['/etc/app.conf', 'file'],
  ]);
  const tree = { get: (path: string) => ({ type: types.get(path) }) } as Parameters<typeof usedFiles>[0];
  expect(usedFiles(tree, new Set(types.keys()), ['/bin/app'])).toEqual({
    programs: ['/bin/app'],
    folders: ['/bin', '/etc'],
    listed: ['/etc/app.d'],
  });
});

it('volumes and mounts of all runs are named; one is read-only if it is in each', () => {
  const runs = [
    { volume: ['/a/:/data:ro', '/b:/etc/x:ro', '/own'], tmpfs: ['/run:size=1m'] },
    { volume: ['/a:/data'], mount: ['type=bind,source=/c,target=/c d,readonly'] },
  ];
  expect(usedMounts({ Volumes: { '/var/lib/app': {} } }, runs)).toEqual([
    { path: '/c d', readOnly: true },
    { path: '/data' },
    { path: '/etc/x', readOnly: true },
    { path: '/own' },
    { path: '/run' },
    { path: '/var/lib/app' },
  ]);
});
