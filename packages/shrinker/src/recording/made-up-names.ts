import type { RunOptions } from '@keepset/docker-engine';
import { type Content, toContent } from '@keepset/run-comparison';

/** A run, as far as it names files. */
export interface NamingRun {
  readonly command: readonly string[];
  readonly options?: RunOptions;
}

/** Of what is larger, only the hash is whole. */
const WHOLE_BYTES_MAX = 16 * 1024 * 1024;
/** What ends a name in a word. */
const BETWEEN_NAMES = /[\s'"=:,]+/;

/**
 * Names of files that two runs of one container were given, and that differ: workflow engines make up new ones each time.
 *
 * @returns a name in `now` → what it was in `recorded`, as far as they differ: folders stand for all that is in them
 * @example
 * const recorded = { command: ['wc', '/stage/k1/in.txt'] };
 * [...toMadeUpNames(recorded, { command: ['wc', '/stage/q7/in.txt'] })] // [['/stage/q7', '/stage/k1']]
 */
export function toMadeUpNames(recorded: NamingRun, now: NamingRun): ReadonlyMap<string, string> {
  const [before, after] = [toNames(recorded), toNames(now)];
  const names = new Map<string, string>();
  if (before.length !== after.length) return names;
  for (const [at, name] of after.entries()) {
    const [was, is] = withoutCommonEnd((before[at] ?? '').split('/'), name.split('/'));
    if (is !== was && is.includes('/') && was.includes('/')) names.set(is, was);
  }
  return names;
}

function toNames({ command, options = {} }: NamingRun): string[] {
  const { workdir = '', mount = [], volume = [] } = options;
  return [...command, workdir, ...mount, ...volume].flatMap((word) =>
    word.split(BETWEEN_NAMES).filter((part) => part.includes('/')),
  );
}

function withoutCommonEnd(one: readonly string[], other: readonly string[]): readonly [string, string] {
  let common = 0;
  while (common < Math.min(one.length, other.length) && one.at(-1 - common) === other.at(-1 - common))
    common++;
  return [one.slice(0, one.length - common).join('/'), other.slice(0, other.length - common).join('/')];
}

/** What was printed, with the names as they were in the recording. */
export async function withRecordedNames(
  content: Content,
  names: ReadonlyMap<string, string>,
): Promise<Content> {
  if (names.size === 0 || content.sizeBytes > WHOLE_BYTES_MAX) return content;
  // Byte strings: what is no text comes out as it went in.
  const recorded = new Map([...names].map(([is, was]) => [toBytes(is), toBytes(was)]));
  const text = Buffer.concat(await Array.fromAsync(content.read())).toString('latin1');
  const renamed = text.replace(anyOf([...recorded.keys()]), (name) => recorded.get(name) ?? name);
  return renamed === text ? content : toContent(Buffer.from(renamed, 'latin1'));
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Whole beginnings of paths alone, the longest of them. */
function anyOf(names: readonly string[]): RegExp {
  const longestFirst = [...names].sort((one, other) => other.length - one.length);
  const literals = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\w.-])(?:${literals.join('|')})(?![\\w.-])`, 'g');
}
