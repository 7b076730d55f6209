import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLeftFolders, isSessionGone, openSessionFolder, ownerHere } from './session-folder.js';

const outer = process.env.TMPDIR;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-session-'));
  process.env.TMPDIR = folder;
});
afterEach(() => {
  if (outer === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outer;
  rmSync(folder, { recursive: true });
});

const [machine, kernel, pid, started] = ownerHere().split('-');
/** No process has it: Linux gives at most 4,194,304. */
const NOBODY = '99999999';
const HOUR_MS = 3600 * 1000;

describe('a session is over', () => {
  it.each([
    ['that of this process', ownerHere(), 0, false],
    ['an older process of the same id', `${machine}-${kernel}-${pid}-1`, 0, true],
    ['a process that is not there', `${machine}-${kernel}-${NOBODY}-${started}`, 0, true],
    ['another kernel, lately', `${machine}-00000000-${pid}-${started}`, HOUR_MS, false],
    ['another kernel, two days ago', `${machine}-00000000-${pid}-${started}`, 48 * HOUR_MS, true],
    ['nobody, lately', '', HOUR_MS, false],
    ['nonsense, two days ago', 'x/../..', 48 * HOUR_MS, true],
  ])('%s', (_what, owner, ageMs, expected) => {
    expect(isSessionGone(owner, ageMs)).toBe(expected);
  });

  it('wherever it was, if everyone is said to have ended, but for what goes on here', () => {
    expect(isSessionGone('', 0, true)).toBe(true);
    expect(isSessionGone(ownerHere(), 0, true)).toBe(false);
  });
});

it('temporary files of a session are in its folder, and go with it', () => {
  {
    using session = openSessionFolder();
    expect(tmpdir()).toMatch(new RegExp(`^${folder}/keepset-${ownerHere()}-\\w{6}$`));
    session.noteImage(`sha256:${'a'.repeat(64)}`);
    process.env.TMPDIR = folder;
    expect(findLeftFolders(true)).toEqual({ left: [], isAnyAlive: true });
  }
  expect(readdirSync(folder)).toEqual([]);
});

it('folders of dead sessions are found, nobody else’s, and no link', () => {
  const dead = `keepset-${machine}-${kernel}-${NOBODY}-1`;
  mkdirSync(join(folder, `${dead}-abcdef`));
  for (const name of ['keepset-of-mine', 'keepset-', `${dead}-abcdef.bak`, 'other'])
    mkdirSync(join(folder, name));
  symlinkSync('/etc', join(folder, `${dead}-linked`));
  expect(findLeftFolders(false)).toEqual({
    left: [{ path: join(folder, `${dead}-abcdef`), images: [] }],
    isAnyAlive: false,
  });
});
