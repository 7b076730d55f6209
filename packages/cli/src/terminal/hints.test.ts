import type { Failure, FailureCode } from '@keepset/shrinker/failure';
import { describe, expect, it } from 'vitest';
import { hintFor } from './hints.js';

const failure = (code: FailureCode, rest: Partial<Failure> = {}): Failure => ({
  code,
  message: 'it failed',
  hint: undefined,
  details: [],
  facts: {},
  ...rest,
});

describe('the hint for a failure', () => {
  it.each<[Failure, string | RegExp | undefined]>([
    [failure('CHECK_FAILED', { hint: 'of the library' }), /--run.*--keep.*--checks advise/],
    [failure('NO_SPACE', { hint: 'Make room.' }), 'Make room.'],
    [failure('NO_SPACE'), undefined],
    [failure('COMMAND_FAILED', { hint: 'Allow it.' }), /--allow-failure/],
    [failure('COMMAND_FAILED'), undefined],
    [failure('OVER_SHRUNK', { hint: 'Run more.' }), 'Run more. Without --strict this is a warning.'],
    [failure('SERVICE_UNASKED', { facts: { port: 80 } }), /^(?!.*healthy).*--http/],
    [failure('SERVICE_UNASKED', { facts: { port: 80, healthCheck: 'true' } }), /--ready healthy/],
    [failure('TOOLBOX_UNAVAILABLE', { facts: { source: 'host' } }), /--toolbox image\.$/],
    [failure('TOOLBOX_UNAVAILABLE', { facts: { source: 'dir' }, hint: 'It must hold.' }), 'It must hold.'],
    [failure('BUILD_OUTPUT_FAILED', { facts: { type: 'tar' } }), /--layers one/],
    [failure('BUILD_OUTPUT_FAILED', { hint: 'Make room.' }), 'Make room.'],
    [failure('VERIFICATION_FAILED', { facts: { listedDirectories: 0 } }), /^(?!.*--listed).*--keep PATTERN/],
    [
      failure('VERIFICATION_FAILED', { facts: { listedDirectories: 1 } }),
      /A directory was listed: try --listed keep/,
    ],
    [failure('VERIFICATION_FAILED', { facts: { listedDirectories: 12 } }), /12 directories were listed/],
  ])('%j', (given, hint) => {
    if (hint instanceof RegExp) expect(hintFor(given)).toMatch(hint);
    else expect(hintFor(given)).toBe(hint);
  });
});
