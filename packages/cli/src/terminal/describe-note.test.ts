import { expect, it } from 'vitest';
import { describeNote } from './describe-note.js';

it.each([
  ['COMMAND_IDLE', 'say what to ask of it', 'say what to ask of it (--http, --probe, --exec)'],
  ['RESULT_LARGER', 'it grew', 'it grew'],
] as const)('%s', (code, message, printed) => {
  expect(describeNote({ code, message })).toBe(printed);
});
