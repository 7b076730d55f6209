import type { Difference } from '@keepset/run-comparison';
import { printPath } from '@keepset/strace-parser';

const STREAM_NAMES = { stdout: 'standard output', stderr: 'standard error' } as const;

/**
 * One difference in a few words.
 *
 * @example
 * printDifference({ kind: 'exit-status', source: 0, result: 1 }) // 'exit status 1 instead of 0'
 */
export function printDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'not-started':
      return `it could not be started (${difference.reason})`;
    case 'exit-status':
      return difference.step === undefined
        ? `exit status ${difference.result} instead of ${difference.source}`
        : `${difference.step} ended with ${difference.result ?? 'no answer'} instead of ${difference.source}`;
    case 'output': {
      const [source, result] = [difference.source, difference.result].map(quoted);
      return `line ${difference.line} of ${streamName(difference)} is ${result} instead of ${source}`;
    }
    case 'file':
      return `the file ${printPath(difference.path)} ${printAspect(difference)}`;
  }
}

/** Where a difference is, in a few words. */
export function placeOfDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'not-started':
      return 'its start';
    case 'exit-status':
      return difference.step === undefined ? 'the exit status' : `the end of ${difference.step}`;
    case 'output':
      return `${streamName(difference)} in line ${difference.line}`;
    case 'file':
      return printPath(difference.path);
  }
}

function streamName({ stream, step }: Extract<Difference, { kind: 'output' }>): string {
  return step === undefined ? STREAM_NAMES[stream] : `${STREAM_NAMES[stream]} of ${step}`;
}

function printAspect(difference: Extract<Difference, { kind: 'file' }>): string {
  const { aspect, source, result, line } = difference;
  switch (aspect) {
    case 'missing':
      return 'was not written';
    case 'extra':
      return 'was written, and by the source not';
    case 'content':
      return line === undefined ? 'has another content' : `differs from line ${line} on`;
    case 'link-target':
      return `leads to ${quoted(result)} instead of ${quoted(source)}`;
    default:
      return `has the ${aspect} ${result} instead of ${source}`;
  }
}

function quoted(line: string | undefined): string {
  return line === undefined ? 'its end' : JSON.stringify(line);
}

/** What differs in a text as diff(1) shows it: `-` what the source has, `+` what the result has. Empty for what is no text. */
export function printDiff(difference: Difference): readonly string[] {
  if (difference.kind !== 'output' && (difference.kind !== 'file' || difference.aspect !== 'content'))
    return [];
  const { line = 1, source, result } = difference;
  const name = difference.kind === 'output' ? streamName(difference) : printPath(difference.path);
  return [
    `--- ${name} of the source`,
    `+++ ${name} of the result`,
    `@@ line ${line} @@`,
    ...(source === undefined ? [] : [`-${printLine(source)}`]),
    ...(result === undefined ? [] : [`+${printLine(result)}`]),
  ];
}

/** A byte string as text, with what would move the cursor escaped. */
function printLine(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant.
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, (character) => JSON.stringify(character).slice(1, -1));
}
