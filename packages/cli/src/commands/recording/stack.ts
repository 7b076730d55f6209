import { connectEngine, type Engine, EngineError, resolveEngineAddress } from '@keepset/docker-engine';
import type { RerunExec } from '@keepset/recorder';
import { askRunning, type RunningAnswers, ShrinkError } from '@keepset/shrinker';
import type { ToolboxOptions } from '@keepset/toolbox';
import type { Service } from '@keepset/tracer';
import type { Console } from '../../terminal/console.js';
import { quoteWords } from '../../terminal/quote-words.js';
import type { Compose } from './compose.js';

/** A stack of docker-compose, of which one service is asked. */
export interface StackOptions {
  readonly engine: Engine;
  /** Of the engine. */
  readonly address: string;
  readonly compose: Compose;
  /** Of the service. */
  readonly name: string;
  readonly tty: boolean;
  /** As its file names it. */
  readonly image: string;
  readonly service: Service;
  /** On this machine, for answers. */
  readonly folder: string;
  readonly toolbox: ToolboxOptions;
}

/**
 * Start a stack through a proxy, ask its service everything, stop that, and take all down again with the stack's own
 * volumes, whatever happens.
 *
 * @param proxy  its address
 * @throws ShrinkError COMMAND_FAILED  docker-compose does not start it; EngineError
 */
export async function askStack(
  proxy: string,
  { engine, address, compose, name, tty, image, service, folder, toolbox }: StackOptions,
  { environment, signal, writeError }: Pick<Console, 'environment' | 'signal' | 'writeError'>,
): Promise<RunningAnswers> {
  const here = resolveEngineAddress({ environment: { DOCKER_HOST: proxy }, homeDirectory: '/' });
  if (signal.aborted) throw new EngineError('INTERRUPTED', 'interrupted');
  try {
    await compose.run(['up', '--no-start'], proxy, signal);
    const [containerId = ''] = (await compose.run(['ps', '-a', '-q', name], proxy, signal)).split('\n');
    const source = await engine.inspectImage(image);
    if (containerId === '' || source === undefined)
      throw new ShrinkError('COMMAND_FAILED', `${compose.name} made no container of ${name}`);
    await using client = await connectEngine({ address: here, signal });
    return await askRunning(engine, client, {
      ...{ containerId, tty, service, source, environment, folder, toolbox },
      start: async () => void (await compose.run(['up', '-d'], proxy, signal)),
    });
  } finally {
    // Where the proxy is gone, the engine itself is asked.
    const isDown = (await takeDown(compose, proxy)) || (await takeDown(compose, address));
    if (!isDown)
      writeError(
        `keepset: the stack is still there; take it down: ${quoteWords([...compose.words, ...DOWN])}\n`,
      );
  }
}

/** With the stack's own volumes, and the images that were built for it. */
const DOWN = ['down', '-v', '--rmi', 'local', '--remove-orphans'] as const;

async function takeDown(compose: Compose, address: string): Promise<boolean> {
  return await compose.run(DOWN, address).then(
    () => true,
    () => false,
  );
}

/** What it was asked from outside: what was run in it is seen by the proxy. */
export function toExecs({ answers }: Pick<RunningAnswers, 'answers'>): readonly RerunExec[] {
  return answers.flatMap(({ step, name, status, output }) =>
    step.kind === 'exec' ? [] : [{ command: [name], exitStatus: status, output }],
  );
}

/** What is asked of what is held against it: what a crawl found is asked like the rest. */
export function askedAgain(service: Service, { answers }: Pick<RunningAnswers, 'answers'>): Service {
  const { crawl: _, ...rest } = service;
  return { ...rest, steps: answers.map(({ step }) => step) };
}
