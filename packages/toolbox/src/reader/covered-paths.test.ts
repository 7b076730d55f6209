import { describe, expect, it } from 'vitest';
import { TOOLBOX_FOLDER } from '../toolbox-layout.js';
import { answerCovered, type CoveredPaths } from './covered-paths.js';

const covered: CoveredPaths = {
  paths: ['/etc/hosts', '/dev', '/run', TOOLBOX_FOLDER],
  ownFolders: new Map([['/dev', { mode: 0o755, mtimeSeconds: undefined }]]),
  touchedFolders: new Map(),
};

describe('what the image has at a path', () => {
  it.each([
    ['a file, whether it has one or not', '/etc/hosts', { kind: 'missing' }],
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
