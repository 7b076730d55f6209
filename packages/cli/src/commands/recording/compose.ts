import { spawn } from 'node:child_process';
import { ShrinkError } from '@keepset/shrinker';
import { parse } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { clientEnvironment } from './run-command.js';

/** docker-compose, for one file and one project. */
export interface Compose {
  /** How it is called. */
  readonly name: string;
  /** The command line on which the words of `run` follow. */
  readonly words: readonly string[];
  /**
   * @param address  of the engine that it is to use
   * @param signal  ends it. Default: nothing does
   * @returns what it printed to standard output
   * @throws ShrinkError COMMAND_FAILED  with its last words
   */
  run(args: readonly string[], address: string, signal?: AbortSignal): Promise<string>;
}

/** As far as it has to be known. */
export interface ComposedService {
  readonly image: string;
  readonly tty: boolean;
}

const PROGRAMS = [['docker-compose'], ['docker', 'compose']] as const;

/** @throws UsageError  there is none */
export async function findCompose(
  { file, project }: { readonly file: string; readonly project: string },
  console: Console,
): Promise<Compose> {
  for (const words of PROGRAMS) {
    const found = await runProgram([...words, 'version'], console.environment as NodeJS.ProcessEnv);
    if (found.status !== 0) continue;
    const own = [...words, '-f', file, '-p', project];
    return {
      name: words.join(' '),
      words: own,
      async run(args, address, signal) {
        const { status, stdout, stderr } = await runProgram(
          [...own, ...args],
          clientEnvironment(console, address),
          signal,
        );
        if (status === 0) return stdout;
        const last = stderr.trimEnd().split('\n').slice(-LINES_SHOWN).map(plainLine);
        throw new ShrinkError('COMMAND_FAILED', `${words.join(' ')} ${args[0]} ended with ${status}`, {
          details: last.map((line) => `  ${line}`),
        });
      },
    };
  }
  throw new UsageError('--compose: docker-compose is not here, nor docker compose', 'Install one of them.');
}

const LINES_SHOWN = 3;
const KEPT_CHARACTERS = 4096;

interface Ended {
  /** Null: a signal ended it, or it could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  /** The end of it. */
  readonly stderr: string;
}

async function runProgram(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Ended> {
  // In a group of its own: Ctrl-C is keepset's, which takes everything down.
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const end = () => child.kill('SIGTERM');
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  const pieces: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString()).slice(-KEPT_CHARACTERS);
  });
  const status = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
  signal?.removeEventListener('abort', end);
  return { status, stdout: Buffer.concat(pieces).toString(), stderr };
}

const named = z.object({ name: z.string().optional(), external: z.unknown().optional() }).nullish();
const config = z.object({
  volumes: z.record(z.string(), named).optional(),
  networks: z.record(z.string(), named).optional(),
  services: z.record(
    z.string(),
    z.object({ image: z.string().optional(), build: z.unknown().optional(), tty: z.boolean().optional() }),
  ),
});

/**
 * What docker-compose makes of its file, as it prints it.
 *
 * @param text  of `docker-compose config`
 * @param project  of which the stack is: what has another name is not its own
 * @throws UsageError  it has no such service, or one that is built; something of it bears a name that others may use
 * @example readService('services:\n  web:\n    image: nginx\n', 'web', 'mine') // { image: 'nginx', tty: false }
 */
export function readService(text: string, name: string, project: string): ComposedService {
  const { data, error } = config.safeParse(parse(text, { logLevel: 'error' }));
  if (data === undefined)
    throw new UsageError(
      `--compose: what docker-compose prints of it is not understood: ${z.prettifyError(error)}`,
    );
  const { services, volumes = {}, networks = {} } = data;
  requireOwn('volume', volumes, project);
  requireOwn('network', networks, project);
  const service = Object.hasOwn(services, name) ? services[name] : undefined;
  if (service === undefined)
    throw new UsageError(
      `--service ${plainLine(name)}: there is no such service`,
      `It has: ${plainLine(Object.keys(services).sort().join(', '))}.`,
    );
  const { image, build, tty = false } = service;
  if (image === undefined || (build !== undefined && build !== null))
    throw new UsageError(
      `--service ${plainLine(name)}: it is built, and has no image that could be replaced`,
      'Build it first, and name the image in a file of its own for docker-compose, without build.',
    );
  return { image, tty };
}

/** docker-compose takes down by their names what is not external, whoever made it. */
function requireOwn(
  kind: 'volume' | 'network',
  all: Readonly<Record<string, z.infer<typeof named>>>,
  project: string,
): void {
  for (const [key, each] of Object.entries(all)) {
    const isExternal = each?.external !== undefined && each.external !== false;
    if (isExternal || each?.name === undefined || each.name.startsWith(`${project}_`)) continue;
    throw new UsageError(
      `--compose: the ${kind} ${plainLine(key)} has a name of its own, ${plainLine(each.name)}, and would be removed with the stack`,
      'Declare it external, or leave its name out.',
    );
  }
}
