import type { ArchiveError, ArchiveErrorCode } from '@keepset/archive';
import type { FleetError } from '@keepset/fleet';
import { type FailureCode, toFailure } from '@keepset/shrinker/failure';
import { OsvError } from '../inputs/osv-error.js';
import { UsageError } from '../options/usage-error.js';
import { describeMessage } from './describe-message.js';
import { hintFor } from './hints.js';
import { plainLine } from './plain-text.js';

/** A failure as it is printed. @see the README, "Exit status" */
export interface PrintedFailure {
  readonly exitStatus: number;
  /** Stable; for scripts. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Lines that show what the message says. */
  readonly details?: readonly string[];
}

const FAILED = 1;
const USAGE = 2;
const BEHAVES_OTHERWISE = 3;

/** The result is not, or not surely, what the source is. */
const REFUSED_CODES: ReadonlySet<FailureCode> = new Set([
  'VERIFICATION_FAILED',
  'VERIFIED_IN_PART',
  'RESULT_FLAKY',
  'OVER_SHRUNK',
  'CHECK_FAILED',
  'HARDENING_FAILED',
]);

const USAGE_CODES: ReadonlySet<FailureCode> = new Set([
  'REFERENCE_INVALID',
  'SOURCE_BAD_REFERENCE',
  'RUN_OPTION_INVALID',
  'COMMAND_MISSING',
  'HEALTHCHECK_MISSING',
  'PLAN_BAD_PATTERN',
  'PLAN_BAD_KEEP_LIST',
  'BUILD_BAD_CHANGE',
  'QUERY_INVALID',
  'TRACE_NOT_TRUSTED',
  'NOT_RUN',
  'NO_ENGINE',
]);

/** Exit status, message and hint of an error; an unknown one is a bug in keepset, and says so. */
export function describeError(error: unknown): PrintedFailure {
  if (error instanceof UsageError)
    return {
      exitStatus: USAGE,
      code: 'USAGE',
      message: plainLine(error.message),
      hint: error.hint && plainLine(error.hint),
    };
  if (error instanceof OsvError)
    return { exitStatus: FAILED, code: error.code, message: oneLine(error.message), hint: error.hint };
  if (isOfArchive(error)) {
    const { code, message, hint, details } = error;
    return {
      exitStatus: OF_THE_COMMAND_LINE.has(code) ? USAGE : FAILED,
      code,
      message: oneLine(message),
      hint: oneLineOf(ARCHIVE_HINTS[code] ?? hint),
      details: details.map(plainLine),
    };
  }
  if (isOfFleet(error)) {
    const { code, message, hint } = error;
    const exitStatus = code === 'FLEET_SCHEDULER_FAILED' ? FAILED : USAGE;
    return { exitStatus, code, message: oneLine(message), hint: oneLineOf(hint) };
  }
  // The first failure says more than the one of the clean-up after it.
  if (isSuppressed(error)) return { ...describeError(error.suppressed), hint: LEFT_BEHIND };
  if (isDiskFull(error))
    return { exitStatus: FAILED, code: 'NO_SPACE', message: oneLine(error.message), hint: NO_SPACE };
  const failure = toFailure(error);
  if (failure !== undefined) {
    const { code, details } = failure;
    return {
      exitStatus: exitStatusOf(code),
      code,
      message: oneLine(describeMessage(failure)),
      hint: oneLineOf(hintFor(failure)),
      details: details.map(plainLine),
    };
  }
  const { message } = Object(error) as { message?: string };
  return {
    exitStatus: FAILED,
    code: 'UNEXPECTED',
    message: `unexpected: ${oneLine(message ?? String(error))}`,
    hint: 'This is a bug in keepset: please report it with the command line; KEEPSET_DEBUG=1 shows where it happened.',
  };
}

/** What the command line names for a deposit, and is not there. */
const OF_THE_COMMAND_LINE: ReadonlySet<ArchiveErrorCode> = new Set([
  'ARCHIVE_VARIABLE_MISSING',
  'ARCHIVE_BAD_INPUT',
  'ARCHIVE_NO_RUN',
]);

const ARCHIVE_HINTS: Readonly<Partial<Record<ArchiveErrorCode, string>>> = {
  ARCHIVE_VARIABLE_MISSING: 'If it may be published, give it again: --env NAME=VALUE.',
};

/** By its name: to load its class would load an engine's client. */
function isOfArchive(error: unknown): error is ArchiveError {
  return error instanceof Error && error.name === 'ArchiveError' && 'code' in error;
}

/** By its name, too. */
function isOfFleet(error: unknown): error is FleetError {
  return error instanceof Error && error.name === 'FleetError' && 'code' in error;
}

const LEFT_BEHIND =
  "Not everything was cleaned up: 'keepset prune' removes what is left, once the engine answers.";
const NO_SPACE = 'Make room on this machine, or point TMPDIR at a folder with room.';

/** Of `await using`; not every Node has the class. */
function isSuppressed(error: unknown): error is Error & { readonly suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
}

/** @see errno(3) */
function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function exitStatusOf(code: FailureCode): number {
  if (REFUSED_CODES.has(code)) return BEHAVES_OTHERWISE;
  return USAGE_CODES.has(code) ? USAGE : FAILED;
}

function oneLineOf(text: string | undefined): string | undefined {
  return text && plainLine(text);
}

const MESSAGE_MAX = 600;

function oneLine(text: string): string {
  const line = plainLine(text.replace(/\s+/g, ' ').trim());
  return line.length > MESSAGE_MAX ? `${line.slice(0, MESSAGE_MAX)}…` : line;
}
