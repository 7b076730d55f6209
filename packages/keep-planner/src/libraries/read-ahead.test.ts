import { expect, it } from 'vitest';
import { testSource } from '../test-source.test-helper.js';
import { readAhead } from './read-ahead.js';

const texts = (heads: readonly (Uint8Array | undefined)[]) =>
  heads.map((head) => head && Buffer.from(head).toString());

it('asks once for what was read ahead, and for the rest as it comes', async () => {
  const source = testSource({ '/a': 'text of a', '/b': 'text of b', '/c': 'text of c' });
  const ahead = await readAhead(['/a', '/b', '/none'], source, 100);
  expect(source.asked.heads).toBe(1);
  expect(texts(await ahead.readHeads(['/b', '/a'], 6))).toEqual(['text o', 'text o']);
  expect(source.asked.heads).toBe(1);
  expect(texts(await ahead.readHeads(['/c', '/b'], 100))).toEqual(['text of c', 'text of b']);
  expect(source.asked.heads).toBe(2);
  expect(texts(await ahead.readHeads(['/a'], 1000))).toEqual(['text of a']);
  expect(source.asked.heads).toBe(3);
});

it('asks for nothing where there is nothing to read', async () => {
  const source = testSource({ '/a': 'dir' });
  await readAhead(['/a'], source, 100);
  expect(source.asked.heads).toBe(0);
});

it('refuses a source that loses files', async () => {
  const source = { ...testSource({ '/a': 'a' }), readHeads: async () => [] };
  await expect(readAhead(['/a'], source, 100)).rejects.toMatchObject({ code: 'PLAN_BAD_SOURCE' });
});
