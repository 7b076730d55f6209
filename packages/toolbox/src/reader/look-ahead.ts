import { type Container, runProgram, streamProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';

/** Of the names of folders, so much is held: the last ones. */
const NAMES_BYTES_MAX = 16 * 1024 * 1024;

/** How many folders are given to the program at a time: what it has read, it goes through. */
const FOLDERS_AT_ONCE = 16;

/**
 * Look at the entries of a tree from its end, while a listing comes from its beginning: the kernel's first look at an
 * entry takes ten times as long as the next one, and two programs take half the time. It ends when they meet.
 *
 * @param walk    the arguments of GNU find that go through the tree: what follows is for each entry
 * @param isOver  whether the listing has ended
 */
export async function lookAhead(
  container: Container,
  walk: readonly string[],
  isOver: () => boolean,
): Promise<void> {
  // The names and types alone are in the folders.
  const folders = await lastNames(
    streamProgram(container, { command: toolCommand('find', [...walk, '-type', 'd', '-print0']) }),
  );
  // No entry is without a link; to know it, each is looked at.
  const children = ['-files0-from', '-', '-ignore_readdir_race', '-maxdepth', '1', '-links', '0'];
  const stdin = fromTheEnd(folders, isOver);
  await runProgram(container, { command: toolCommand('find', children), stdin });
}

async function lastNames(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    while (bytes > NAMES_BYTES_MAX) bytes -= held.shift()?.length ?? 0;
  }
  const names = Buffer.concat(held).toString('latin1').split('\0').slice(0, -1);
  // The first one may have been cut.
  return names[0]?.startsWith('/') ? names : names.slice(1);
}

function* fromTheEnd(names: readonly string[], isOver: () => boolean): Generator<Uint8Array> {
  for (let end = names.length; end > 0 && !isOver(); end -= FOLDERS_AT_ONCE) {
    const some = names.slice(Math.max(0, end - FOLDERS_AT_ONCE), end).reverse();
    yield Buffer.from(some.map((name) => `${name}\0`).join(''), 'latin1');
  }
}
