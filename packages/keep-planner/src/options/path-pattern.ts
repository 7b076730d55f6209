import picomatch from 'picomatch/posix.js';
import { PlanError } from '../plan/plan-error.js';
import { pathText } from './path-text.js';

/**
 * A user's pattern for paths.
 *
 * `*` and `?` stand for characters of one name, `**` for any number of directories, `[ab]` and `{a,b}` for
 * alternatives; a backslash takes the meaning from what follows. Names that begin with a dot are names like any
 * other. A pattern that begins with `/` is a whole path, any other is looked for in every directory (`*.md`,
 * `doc/*.txt`). One that names a directory stands for all that is below it.
 */
export interface PathPattern {
  /** As the user wrote it. */
  readonly text: string;
  /** The path that it is, if there is nothing in it to match: a text, not a byte string. */
  readonly literal?: string;
  /** Whether it names this path itself (a byte string), not only a directory above it. */
  matches(path: string): boolean;
}

/**
 * Read a pattern.
 *
 * @throws PlanError PLAN_BAD_PATTERN  for an empty pattern, one with `..`, one that cannot be read
 */
export function parsePathPattern(text: string): PathPattern {
  if (text === '' || /(?:^|\/)\.\.?(?:\/|$)/.test(text)) {
    throw badPattern(text, 'it must hold a path without `.` and `..`');
  }
  const tidy = text.replace(/(?<=[^/])\/+$/, '');
  const isLiteral = tidy.startsWith('/') && !/[\\*?[\]{}()!+@|]/.test(tidy);
  return { text, matches: matcher(tidy, text), ...(isLiteral ? { literal: tidy } : {}) };
}

/** Both sides go without the first slash: with it, a double star before a name would not match at the root. */
function matcher(tidy: string, text: string): (path: string) => boolean {
  if (tidy === '/') return (path) => path === '/';
  if (!tidy.includes('/')) {
    const isMatch = compile(text, tidy);
    return (path) => isMatch(pathText(path.slice(path.lastIndexOf('/') + 1)));
  }
  const isMatch = compile(text, tidy.startsWith('/') ? tidy.slice(1) : `**/${tidy}`);
  return (path) => isMatch(pathText(path.slice(1)));
}

function compile(text: string, glob: string): (path: string) => boolean {
  try {
    // Without the flag, `**` would stop at a newline in a name.
    return picomatch(glob, { dot: true, flags: 's', strictBrackets: true });
  } catch (error) {
    throw badPattern(text, error instanceof Error ? error.message : String(error));
  }
}

function badPattern(text: string, why: string): PlanError {
  return new PlanError('PLAN_BAD_PATTERN', `the pattern ${JSON.stringify(text)} cannot be read: ${why}`);
}
