import type { AskedPath } from '../accesses/file-access.js';
import type { Process } from './process-state.js';

/** The port through which /proc/N is seen. */
export interface ProcessLookup {
  find(pid: number): Process | undefined;
}

const LOWER_P = 112;
const MAGIC = /^\/proc\/(self|thread-self|\d+)\/(?:task\/\d+\/)?(cwd|root|exe|fd\/(\d+))(\/[\s\S]*)?$/;

/**
 * The path that a magic link of /proc stands for: `/proc/self/cwd/x` means another file to each process,
 * which only its state can tell. Other paths, and links that are not followed, come back as they are.
 */
export function throughProc(
  path: AskedPath,
  follow: boolean,
  self: Process,
  others: ProcessLookup,
): AskedPath {
  // Nearly all paths: one look at a character is much less than the expression.
  if (path.charCodeAt(1) !== LOWER_P) return path;
  const match = MAGIC.exec(path);
  if (match === null) return path;
  const [, who = '', link, descriptor, rest] = match;
  if (rest === undefined && !follow) return path;
  const process = who.endsWith('self') ? self : others.find(Number(who));
  const target = process === undefined ? undefined : targetOf(process, link, Number(descriptor));
  if (target === undefined) return path;
  return (target.replace(/\/$/, '') + (rest ?? '') || '/') as AskedPath;
}

function targetOf(process: Process, link: string | undefined, descriptor: number): string | undefined {
  if (link === 'cwd') return process.view.cwd.path;
  if (link === 'root') return process.view.root.path;
  return link === 'exe' ? process.program?.path : process.files.get(descriptor)?.path;
}
