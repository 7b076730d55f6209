import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readSlim } from './slim-manifest.js';

/** What is in a manifest; undefined: it cannot be read. */
type Slim = Awaited<ReturnType<typeof readSlim>> | undefined;

/** Fewer are read before threads have started. */
const THREADS_FROM = 50;
const MAX_THREADS = 4;
/** So many files are asked of each thread before their contents are taken. */
const AHEAD = 2;
/** Nearly all that is read is soon thrown away, and V8 would let it pile up. */
const YOUNG_MEGABYTES = 4;

/**
 * Read many manifests as far as questions need them, in threads where there are many.
 *
 * @returns what is in each, in their order
 */
export async function* readSlims(files: readonly string[]): AsyncGenerator<Slim> {
  const count = files.length < THREADS_FROM ? 0 : Math.min(MAX_THREADS, availableParallelism());
  const threads = Array.from({ length: count }, startThread);
  const asked: Promise<ThreadAnswer>[] = [];
  const askNext = () => {
    const [thread, file] = [threads[asked.length % count], files[asked.length]];
    if (thread !== undefined && file !== undefined) asked.push(thread.ask(file));
  };
  try {
    for (let ahead = 0; ahead < count * AHEAD; ahead++) askNext();
    for (const [index, file] of files.entries()) {
      const answer = await asked[index];
      delete asked[index];
      askNext();
      yield answer === undefined ? await readSlim(file).catch(() => undefined) : answer.slim;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

/** Undefined: the thread could not be started, as in a bundle that lacks its module, or it has ended. */
type ThreadAnswer = { readonly slim: Slim } | undefined;

interface Thread {
  ask(file: string): Promise<ThreadAnswer>;
  end(): Promise<unknown>;
}

function startThread(): Thread {
  const worker = new Worker(new URL('./slim-worker.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  const waiting: ((answer: ThreadAnswer) => void)[] = [];
  let hasEnded = false;
  const giveUp = () => {
    hasEnded = true;
    for (const resolve of waiting.splice(0)) resolve(undefined);
  };
  worker.on('message', (slim: Slim) => waiting.shift()?.({ slim }));
  worker.on('error', giveUp);
  worker.on('exit', giveUp);
  return {
    ask: (file) =>
      new Promise((resolve) => {
        if (hasEnded) return resolve(undefined);
        waiting.push(resolve);
        worker.postMessage(file);
      }),
    end: () => worker.terminate(),
  };
}
