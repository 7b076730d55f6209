import { ArchiveError } from '@keepset/archive';
import { EngineError } from '@keepset/docker-engine';
import { SourceError } from '@keepset/image-source';
import { ShrinkError } from '@keepset/shrinker';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../options/usage-error.js';
import { describeError } from './describe-error.js';

class PlanError extends Error {
  override readonly name = 'PlanError';
  constructor(readonly code: string) {
    super('of a package below');
  }
}

describe('the exit status', () => {
  it.each([
    [new UsageError('x', 'y'), 2, 'USAGE'],
    [new EngineError('REFERENCE_INVALID', 'x'), 2, 'REFERENCE_INVALID'],
    [new SourceError('SOURCE_BAD_REFERENCE', 'x'), 2, 'SOURCE_BAD_REFERENCE'],
    [new EngineError('RUN_OPTION_INVALID', 'x'), 2, 'RUN_OPTION_INVALID'],
    [new ShrinkError('COMMAND_MISSING', 'x'), 2, 'COMMAND_MISSING'],
    [new PlanError('PLAN_BAD_PATTERN'), 2, 'PLAN_BAD_PATTERN'],
    [new PlanError('PLAN_BAD_KEEP_LIST'), 2, 'PLAN_BAD_KEEP_LIST'],
    [new ShrinkError('VERIFICATION_FAILED', 'x'), 3, 'VERIFICATION_FAILED'],
    [new ShrinkError('COMMAND_FAILED', 'x'), 1, 'COMMAND_FAILED'],
    [new ShrinkError('SOURCE_GONE', 'x'), 1, 'SOURCE_GONE'],
    [new ShrinkError('VERIFIED_IN_PART', 'x'), 3, 'VERIFIED_IN_PART'],
    [new ShrinkError('RESULT_FLAKY', 'x'), 3, 'RESULT_FLAKY'],
    [new EngineError('ENGINE_UNREACHABLE', 'x'), 1, 'ENGINE_UNREACHABLE'],
    [new SourceError('SOURCE_BAD_DIGEST', 'x'), 1, 'SOURCE_BAD_DIGEST'],
    [new EngineError('NO_SPACE', 'x'), 1, 'NO_SPACE'],
    [new PlanError('PLAN_SECRET'), 1, 'PLAN_SECRET'],
    [new ArchiveError('ARCHIVE_VARIABLE_MISSING', 'x'), 2, 'ARCHIVE_VARIABLE_MISSING'],
    [new ArchiveError('ARCHIVE_NO_RUN', 'x'), 2, 'ARCHIVE_NO_RUN'],
    [new ArchiveError('ARCHIVE_DAMAGED', 'x'), 1, 'ARCHIVE_DAMAGED'],
    [new TypeError('x is not a function'), 1, 'UNEXPECTED'],
    ['text', 1, 'UNEXPECTED'],
    [undefined, 1, 'UNEXPECTED'],
  ])('of %s', (error, exitStatus, code) => {
    expect(describeError(error)).toMatchObject({ exitStatus, code });
  });
});

it('a message is one line, and not endless', () => {
  const { message } = describeError(new EngineError('ENGINE_FAILED', `a\n  b\t${'c'.repeat(5000)}`));
  expect(message).toMatch(/^a b c+…$/);
  expect(message.length).toBeLessThan(700);
});

it('a fault of keepset says so, and how to see more', () => {
  expect(describeError(new TypeError('x')).hint).toMatch(/report.*KEEPSET_DEBUG/);
});

it('what went wrong first is told, not that cleaning up failed as well', () => {
  const first = new ShrinkError('COMMAND_FAILED', 'the command failed');
  const error = new SuppressedError(new EngineError('ENGINE_UNREACHABLE', 'cannot remove'), first);
  expect(describeError(error)).toMatchObject({
    exitStatus: 1,
    code: 'COMMAND_FAILED',
    message: 'the command failed',
    hint: expect.stringContaining('keepset prune'),
  });
});

it('a full disk of this machine is no fault of keepset', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(describeError(error)).toMatchObject({ code: 'NO_SPACE', hint: expect.stringContaining('TMPDIR') });
});
