import { parentPort } from 'node:worker_threads';
import { readSlim } from './slim-manifest.js';

/** A thread of `readSlims`: answers the name of each file with what is in it, one after the other as they came. */
let answered: Promise<unknown> = Promise.resolve();
parentPort?.on('message', (file: string) => {
  const answer = async () => parentPort?.postMessage(await readSlim(file).catch(() => undefined));
  answered = answered.then(answer);
});
