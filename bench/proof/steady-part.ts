import { type Engine, toContainerConfig } from '@keepset/docker-engine';
import type { Program } from './programs.ts';

/** What became of a file before the program runs. */
export interface Change {
  readonly path: string;
  readonly way: 'removed' | 'emptied';
}

export interface PlainRun {
  /** How it ended, and both of its streams. */
  readonly outcome: string;
  /** Wall clock, without the container's creation. */
  readonly seconds: number;
}

/** A directory is no file that could be removed alone, and a link has no bytes. */
const NO_FILE = 99;
const CHANGE: Readonly<Record<Change['way'], string>> = {
  removed: `if [ -d "$1" ] && [ ! -L "$1" ]; then exit ${NO_FILE}; fi; rm -f -- "$1"`,
  emptied: `if [ -d "$1" ] || [ -L "$1" ]; then exit ${NO_FILE}; fi; : > "$1"`,
};

/**
 * What never varies of a program, as it says itself: it runs in the source, without keepset, and with chance switched off.
 *
 * @param change  made in the container before. Default none
 * @returns undefined: what was to be changed is no file
 */
export async function readSteadyPart(
  engine: Engine,
  image: string,
  program: Program,
  change?: Change,
): Promise<string | undefined> {
  const script = change === undefined ? 'shift; exec "$@"' : `${CHANGE[change.way]}; shift; exec "$@"`;
  const command = ['sh', '-c', script, 'sh', change?.path ?? '', ...program.command];
  const { outcome } = await runPlainly(engine, image, { ...program, command }, ['STEADY=yes']);
  return outcome.startsWith(`${NO_FILE}\n`) ? undefined : outcome;
}

/** Run a program as `docker run` does, with a volume of its own. */
export async function runPlainly(
  engine: Engine,
  image: string,
  { command, options }: Program,
  env: readonly string[] = [],
): Promise<PlainRun> {
  const volume = (options.volume ?? []).map((each) => each.replace(/^[^/:]+:/, ''));
  const config = toContainerConfig(image, command, { ...options, volume, env });
  await using container = await engine.createContainer(config, 'bench');
  const { output } = await container.attach({ stdin: false, tty: false });
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const read = (async () => {
    for await (const { stream, bytes } of output) pieces[stream].push(bytes);
  })();
  const start = performance.now();
  await container.start();
  const status = await container.wait();
  const seconds = (performance.now() - start) / 1000;
  await read;
  const text = (all: readonly Uint8Array[]) => Buffer.concat(all).toString('latin1');
  return { outcome: `${status}\n${text(pieces.stdout)}\n${text(pieces.stderr)}`, seconds };
}
