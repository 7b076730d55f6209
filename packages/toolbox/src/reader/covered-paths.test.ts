import { describe, expect, it } from 'vitest';
import { TOOLBOX_FOLDER } from '../toolbox-layout.js';
import { answerCovered, type CoveredPaths } from './covered-paths.js';

const content = new Uint8Array();
const covered: CoveredPaths = {
  paths: ['/etc/hosts', '/etc/mtab', '/dev', '/run', TOOLBOX_FOLDER],
  ownEntries: new Map(
    [
      { path: '/etc/hosts', header: { name: '/etc/hosts', type: 'file' }, content },
      {
        path: '/etc/mtab',
        header: { name: '/etc/mtab', type: 'symlink', linkname: '/proc/mounts' },
        content,
      },
      { path: '/dev', header: { name: '/dev', type: 'directory' }, content },
    ].map((entry) => [entry.path, entry]),
  ),
  folderTimes: new Map(),
};

describe('what the image has at a path', () => {
  it.each([
    ['a file of its own', '/etc/hosts', { kind: 'other' }],
    ['a link of its own', '/etc/mtab', { kind: 'link', target: '/proc/mounts' }],
    ['a folder of its own', '/dev', { kind: 'directory' }],
    ['what the engine puts into that folder', '/dev/null', { kind: 'missing' }],
    ['what only the engine makes', '/run', { kind: 'missing' }],
    ['the toolbox', TOOLBOX_FOLDER, { kind: 'missing' }],
    ['a program of the toolbox', `${TOOLBOX_FOLDER}/bin/find`, { kind: 'missing' }],
    ['a path that the container shows', '/etc/passwd', undefined],
    ['one that only begins alike', '/devices', undefined],
  ])('%s', (_, path, answer) => {
    expect(answerCovered(covered, path)).toEqual(answer);
  });
});
