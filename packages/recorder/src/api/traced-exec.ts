import type { Launch } from '@keepset/tracer';
import { isObject, toNames, withKnownNames } from './asked-container.js';
import { parseExactJson } from './exact-json.js';

/** The body by which a client asks for a further program in a container. */
export interface AskedExec extends Readonly<Record<string, unknown>> {
  readonly Cmd: readonly string[];
  readonly User?: string;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Privileged?: boolean;
  readonly Tty?: boolean;
}

const NAMES = toNames('Cmd User Env WorkingDir Privileged Tty');

/** @returns undefined for what is none: the engine says so itself */
export function parseAskedExec(text: string): AskedExec | undefined {
  let value: unknown;
  try {
    value = withKnownNames(parseExactJson(text), NAMES);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { Cmd, User, Env, WorkingDir } = value;
  const isKnown =
    isTexts(Cmd) &&
    Cmd.length > 0 &&
    (Env === undefined || Env === null || isTexts(Env)) &&
    [User, WorkingDir].every((each) => each === undefined || typeof each === 'string');
  return isKnown ? (value as unknown as AskedExec) : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** The program that is asked for, under a strace of its own. @param launch  of its user */
export function toTracedExec(
  asked: AskedExec,
  launch: Pick<Launch, 'traced' | 'user'>,
  traceName: string,
): AskedExec {
  return {
    ...asked,
    Cmd: launch.traced(asked.Cmd, traceName),
    ...(launch.user !== undefined && { User: launch.user }),
  };
}

/** As who the engine starts a program that is not traced: its container's user is now the tracer. */
export function toPlainExec(asked: AskedExec, containersUser: string): AskedExec {
  return { ...asked, User: asked.User || containersUser || '0:0' };
}

/** The engine's account of a traced program, as it would be had it not been traced. @see Docker Engine API, "Inspect an exec instance" */
export function execAsAsked(
  answer: Readonly<Record<string, unknown>>,
  { Cmd: [entrypoint = '', ...rest], User }: AskedExec,
): Readonly<Record<string, unknown>> {
  const { ProcessConfig } = answer;
  if (!isObject(ProcessConfig)) return answer;
  const { user: _, ...process } = ProcessConfig;
  return {
    ...answer,
    ProcessConfig: { ...process, entrypoint, arguments: rest, ...(User && { user: User }) },
  };
}
