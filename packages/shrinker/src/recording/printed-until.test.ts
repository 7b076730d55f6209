import { toContent } from '@keepset/run-comparison';
import { expect, it } from 'vitest';
import { printedUntil } from './printed-until.js';

it.each([
  ['in the middle of a line', 'one\ntwo\n', 6, 'one\n'],
  ['at the end of one', 'one\ntwo\n', 4, 'one\n'],
  ['at the start', 'one\n', 0, ''],
  ['after all of it', 'one\ntwo', 7, 'one\ntwo'],
  ['later than all that was saved', 'one\n', 9, 'one\n'],
])('what had been printed %s', async (_, text, bytes, expected) => {
  const stderr = toContent('');
  const { stdout } = await printedUntil({ stdout: toContent(text), stderr }, { stdout: bytes, stderr: 0 });
  expect(Buffer.concat(await Array.fromAsync(stdout.read())).toString()).toBe(expected);
});
