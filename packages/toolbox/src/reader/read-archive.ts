import { type Container, streamProgram } from '@keepset/docker-engine';
import { toolCommand } from '../toolbox-layout.js';
import { nulSeparated } from './nul-separated.js';

const TAR_OPTIONS = [
  '--create',
  '--file=-',
  // The one format that holds times, names and attributes whole.
  '--format=posix',
  '--pax-option=delete=atime,delete=ctime',
  '--numeric-owner',
  '--xattrs',
  '--xattrs-include=*',
  // Holes need not pass.
  '--sparse',
  '--no-recursion',
  '--blocking-factor=512',
  '--directory=/',
  '--null',
  '--no-unquote',
  '--verbatim-files-from',
  '--files-from=-',
];

/**
 * Some paths of a container, not what is below them, as one tar of GNU tar's, in the order of the paths.
 *
 * @throws EngineError EXEC_FAILED  a path does not exist; thrown when the archive ends
 */
export async function* readArchive(
  container: Container,
  paths: readonly string[],
): AsyncGenerator<Uint8Array> {
  yield* streamProgram(container, {
    command: toolCommand('tar', TAR_OPTIONS),
    stdin: nulSeparated(paths.map((path) => (path === '/' ? './' : path.slice(1)))),
  });
}
