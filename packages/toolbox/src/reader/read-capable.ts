import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import { nulSeparated } from './nul-separated.js';

const OPTIONS = [
  '--create',
  // GNU tar knows the name, and reads no content.
  '--file=/dev/null',
  '--xattrs',
  '--xattrs-include=security.capability',
  '-vvv',
  '--quoting-style=escape',
  '--hard-dereference',
  '--no-recursion',
  '--directory=/',
  '--null',
  '--no-unquote',
  '--verbatim-files-from',
  '--ignore-failed-read',
  '--files-from=-',
];

/**
 * Which files have capabilities of their own: those that `getcap` would name. One program run for all, which reads
 * attributes alone.
 *
 * @param paths  of regular files, absolute byte strings
 * @see capabilities(7), "File capabilities"
 */
export async function readCapable(
  container: Container,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const command = toolCommand('tar', OPTIONS);
  const stdin = nulSeparated(paths.map((path) => path.slice(1)));
  return parseCapable(paths, (await runProgram(container, { command, stdin })).toString('latin1'));
}

/**
 * @param paths  in the order in which tar read them
 * @param text  a line a file, each followed by a line of every attribute: '  x: 20 security.capability'
 */
export function parseCapable(paths: readonly string[], text: string): readonly string[] {
  const capable = new Set<string>();
  let at = -1;
  for (const line of text.split('\n')) {
    if (/^ {2}x: +\d+ security\.capability$/.test(line)) capable.add(paths[at] ?? '');
    else if (/^[-dlbcps]/.test(line)) at++;
  }
  return [...capable];
}
