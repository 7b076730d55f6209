import { expect, it } from 'vitest';
import { readInputs } from './read-inputs.js';

it.each([
  ['nothing', {}, []],
  ['an image', { KEEPSET_IMAGE: ' debian:12\n' }, ['debian:12']],
  [
    'words of a command',
    { KEEPSET_IMAGE: 'a', KEEPSET_COMMAND: 'sh -c \'echo "$HOME"\' $X' },
    ['a', 'sh', '-c', 'echo "$HOME"', '$X'],
  ],
  ['what looks like options of keepset', { KEEPSET_IMAGE: 'a', KEEPSET_COMMAND: '--push' }, ['a', '--push']],
])('%s', (_, environment, operands) => {
  expect(readInputs(environment)).toEqual({
    operands,
    results: 'keepset-results',
    previous: undefined,
    failIf: [],
  });
});

it.each([
  ['an image that is an option', { KEEPSET_IMAGE: '--push' }],
  ['a command that needs a shell', { KEEPSET_IMAGE: 'a', KEEPSET_COMMAND: 'cat x; touch /tmp/y' }],
  ['a command that needs a shell', { KEEPSET_IMAGE: 'a', KEEPSET_COMMAND: 'cat x > /tmp/y' }],
  ['a pattern', { KEEPSET_IMAGE: 'a', KEEPSET_COMMAND: 'cat *' }],
  ['a command without an image', { KEEPSET_COMMAND: 'cat' }],
])('refuses %s', (_, environment) => {
  expect(() => readInputs(environment)).toThrow(expect.objectContaining({ name: 'ActionError' }));
});
