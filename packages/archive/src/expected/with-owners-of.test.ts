import type { RunOutcome } from '@keepset/run-comparison';
import { expect, it } from 'vitest';
import { withOwnersOf } from './with-owners-of.js';

const content = { sha256: '', sizeBytes: 0, async *read() {} };

/** A run that left files of these owners. */
function outcome(owners: Readonly<Record<string, number>>): RunOutcome {
  const state = { type: 'file' as const, mode: 0o644 };
  const files = Object.entries(owners).map(([path, id]) => [path, { ...state, uid: id, gid: id }] as const);
  return { exitStatus: 0, stdout: content, stderr: content, files: new Map(files) };
}

it('takes the owners of what is expected, and says where it was another', () => {
  const samples = [outcome({ '/a': 1000 }), outcome({ '/a': 1001, '/b': 5 })];
  const { outcome: found, isOther } = withOwnersOf(samples, outcome({ '/a': 0, '/b': 0, '/new': 7 }));
  expect([...found.files].map(([path, { uid, gid }]) => [path, uid, gid])).toEqual([
    ['/a', 1000, 1000],
    ['/b', 5, 5],
    ['/new', 7, 7],
  ]);
  expect(isOther).toBe(true);
  expect(withOwnersOf(samples, outcome({ '/a': 1000 })).isOther).toBe(false);
});
