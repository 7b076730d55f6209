import { type Container, engineMessageToError, runProgram } from '@keepset/docker-engine';
import { toolCommand } from '@keepset/toolbox';

/** Who a program of a run is, as the engine would have it. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly supplementaryGids: readonly number[];
  /** The HOME that the engine sets; undefined when the image sets its own. */
  readonly home: string | undefined;
}

/** Prints who it is: its variables, each ended by a NUL, then its status. @see proc(5) */
export const IDENTITY_COMMAND: readonly string[] = toolCommand('cat', [
  '/proc/self/environ',
  '/proc/self/status',
]);

/** What an exec ends with: 0, or what runc gives when it cannot start. */
const EXEC_STATUSES = [0, 1, 126, 127];

/**
 * Ask the engine who `user` is: run a program as that user and see who it became. This holds for names,
 * numbers, users without a passwd entry and whatever else an engine accepts, since the engine itself answers.
 *
 * @param container  running, of the image in question
 * @param user  as in USER of a Dockerfile
 * @throws EngineError USER_NOT_FOUND
 * @example (await readIdentity(reader.container, '1234')).uid // 1234
 */
export async function readIdentity(container: Pick<Container, 'exec'>, user: string): Promise<Identity> {
  // No user is the container's own, which need not be the image's. By number it is root with root's groups.
  const asked = user === '' ? '0' : user;
  const text = (
    await runProgram(container, { command: IDENTITY_COMMAND, user: asked }, EXEC_STATUSES)
  ).toString('utf8');
  // An engine that cannot become the user says so where the program would have spoken.
  if (!/^Uid:/m.test(text))
    throw engineMessageToError(text.trim() || 'no answer', `cannot run as user '${user}'`);
  return parseIdentity(text);
}

/** @param text  /proc/self/environ, where each variable ends with a NUL, then /proc/self/status; see proc(5) */
export function parseIdentity(text: string): Identity {
  const statusAt = text.lastIndexOf('\0') + 1;
  const status = text.slice(statusAt);
  const variables = text.slice(0, statusAt).split('\0');
  const numbers = (field: string): number[] =>
    (new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '')
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
  const home = variables.find((variable) => variable.startsWith('HOME='))?.slice('HOME='.length);
  return {
    uid: numbers('Uid')[0] ?? 0,
    gid: numbers('Gid')[0] ?? 0,
    supplementaryGids: numbers('Groups'),
    home,
  };
}
