import { type Container, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import { nulSeparated } from './nul-separated.js';

/** What a tar header says of an entry, but for its name and content. */
export interface Attributes {
  /** One letter, as GNU find's %y: f, d, l, p, s, b, c. */
  readonly kind: string;
  /** Twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch, as many decimals as the file system has. */
  readonly mtime: string;
}

/** One program run for all paths; a path that does not exist has no answer. */
export async function readAttributes(
  container: Container,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Attributes>> {
  const answers = new Map<string, Attributes>();
  if (paths.length === 0) return answers;
  const command = toolCommand('find', [
    '-files0-from',
    '-',
    '-maxdepth',
    '0',
    '-printf',
    '%y\\0%m\\0%U\\0%G\\0%T@\\0%p\\0',
  ]);
  const output = await runProgram(container, { command, stdin: nulSeparated(paths) }, [0, 1]);
  const fields = output.toString('latin1').split('\0');
  for (let at = 0; at + 5 < fields.length; at += 6) {
    const [kind = '', mode = '', uid, gid, mtime = '', path = ''] = fields.slice(at, at + 6);
    answers.set(path, { kind, mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid), mtime });
  }
  return answers;
}
