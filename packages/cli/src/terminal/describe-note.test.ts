import { expect, it } from 'vitest';
import { describeNote } from './describe-note.js';

it.each([
  [
    'COMMAND_IDLE',
    'say what it is to do',
    'say what it is to do (--ready seconds=N or log=REGEX, --exec, --probe)',
  ],
  ['RESULT_LARGER', 'it grew', 'it grew'],
] as const)('%s', (code, message, printed) => {
  expect(describeNote({ code, message })).toBe(printed);
});
