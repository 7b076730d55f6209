import { EngineError } from '@keepset/docker-engine';
import { expect, it } from 'vitest';
import { notStarted } from './not-launched.js';

it.each([
  ['COMMAND_NOT_FOUND', "the image has no program 'a b'", 'see how it is spelt'],
  ['COMMAND_NOT_EXECUTABLE', "'a b' may not be executed in the image", expect.stringContaining('mode')],
  ['WRONG_ARCHITECTURE', "'a b' is no program for this architecture", expect.stringContaining('#!')],
] as const)(
  'what an engine says of a command that it cannot start is told in our words: %s',
  (code, message, hint) => {
    const failure = new EngineError(code, 'runc create failed: exec: "a b": …');
    expect(notStarted(['a b', 'c'], failure, 'see how it is spelt')).toMatchObject({ code, message, hint });
  },
);

it('any other failure is what it is', () => {
  const failures = [new EngineError('NO_SPACE', 'full'), new Error('other'), undefined];
  for (const failure of failures) expect(notStarted(['a'], failure)).toBe(failure);
});
