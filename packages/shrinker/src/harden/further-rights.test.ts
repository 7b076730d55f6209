import { findRights, type Rights } from '@keepset/hardening';
import { describe, expect, it } from 'vitest';
import { furtherRights } from './further-rights.js';

const LEAST: Rights = {
  ...findRights([], { architecture: 'amd64' }),
  gaining: [],
  writable: [
    { path: '/srv', kind: 'volume', because: '/srv/x' },
    { path: '/tmp', kind: 'tmpfs', because: '/tmp/x' },
  ],
  rootWrites: [],
};
const RUN = { name: 'main', command: ['x'] };

describe('what is tried where nothing was refused', () => {
  it('is more each time, and never the same', () => {
    const all = furtherRights(LEAST, RUN, false);
    const texts = all.map((each) => JSON.stringify(each));
    expect(new Set([...texts, JSON.stringify(LEAST)]).size).toBe(all.length + 1);
    for (const { calls } of all)
      expect(calls.map(({ name }) => name)).toEqual(
        expect.arrayContaining(LEAST.calls.map(({ name }) => name)),
      );
  });

  it.each([
    ['calls by which programs wait, first', false],
    ['where files differ, a root that can be written, first', true],
  ])('is %s', (_, onlyFiles) => {
    const [first] = furtherRights(LEAST, RUN, onlyFiles);
    expect(first?.rootWrites).toEqual(onlyFiles ? ['/srv/x'] : []);
    expect(first?.writable.map(({ path }) => path)).toEqual(onlyFiles ? ['/tmp'] : ['/srv', '/tmp']);
    expect(first?.calls.some(({ name }) => name === 'clock_nanosleep')).toBe(!onlyFiles);
  });

  it('is no capability that the run had not', () => {
    const options = { capDrop: ['ALL'], capAdd: ['cap_kill'] };
    const names = furtherRights(LEAST, { ...RUN, options }, false).flatMap(({ capabilities }) =>
      capabilities.map(({ name }) => name),
    );
    expect(new Set(names)).toEqual(new Set(['KILL']));
  });
});
