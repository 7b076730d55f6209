import { EngineError } from '@keepset/docker-engine';
import { ManifestError } from '@keepset/manifest';
import { expect, it } from 'vitest';
import { toFailure } from './failure.js';
import { ShrinkError } from './shrink-error.js';

it.each([
  [
    new EngineError('NO_SPACE', 'full', { hint: 'make room' }),
    { code: 'NO_SPACE', message: 'full', hint: 'make room' },
  ],
  [
    new ManifestError('MANIFEST_INVALID', 'broken'),
    { code: 'MANIFEST_INVALID', hint: undefined, details: [] },
  ],
  [
    new ShrinkError('VERIFICATION_FAILED', 'differs', { details: ['-a'], facts: { listedDirectories: 2 } }),
    { code: 'VERIFICATION_FAILED', details: ['-a'], facts: { listedDirectories: 2 } },
  ],
])('an error of ours is data: %s', (error, failure) => {
  expect(toFailure(error)).toMatchObject(failure);
});

it.each([new TypeError('x'), Object.assign(new Error('x'), { code: 'ENOENT' }), 'text', undefined])(
  'another is not: %s',
  (error) => {
    expect(toFailure(error)).toBeUndefined();
  },
);
