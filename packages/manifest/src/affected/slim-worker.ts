import { parentPort } from 'node:worker_threads';
import { readSlim } from './slim-manifest.js';

/** A thread of `readSlims`: answers the name of each file with what is in it, in the order they came. */
parentPort?.on('message', async (file: string) => {
  parentPort?.postMessage(await readSlim(file).catch(() => undefined));
});
