import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Upstream } from '../proxy/upstream.js';
import { type ContainerEvent, parseContainerEvent, readLines } from './read-events.js';

/** What is told of containers. */
export interface EventListener {
  onEvent(event: ContainerEvent): void;
  /** The stream was broken off and goes on: what happened between is not told. */
  onGap(): Promise<void>;
}

const EVENTS = '/events?filters=%7B%22type%22%3A%7B%22container%22%3Atrue%7D%7D';
/** An engine that is started again takes a second at least. */
const AGAIN_MS = 250;

/**
 * Follow what the engine says of containers, over its restarts. Disposing of it ends that.
 *
 * @throws Error  it does not answer now
 */
export async function followEvents(
  upstream: Upstream,
  { onEvent, onGap }: EventListener,
): Promise<AsyncDisposable> {
  const ending = new AbortController();
  const first = await openStream(upstream, ending.signal);
  const take = async (answer: IncomingMessage) => {
    for await (const line of readLines(answer)) {
      const event = parseContainerEvent(line);
      if (event !== undefined) onEvent(event);
    }
  };
  const follow = async () => {
    await take(first).catch(() => {});
    while (!ending.signal.aborted) {
      await setTimeout(AGAIN_MS, undefined, { ref: false });
      const again = await openStream(upstream, ending.signal).catch(() => undefined);
      if (again === undefined) continue;
      const taking = take(again).catch(() => {});
      await onGap();
      await taking;
    }
  };
  void follow();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
    },
  };
}

async function openStream(upstream: Upstream, signal: AbortSignal): Promise<IncomingMessage> {
  const request = upstream.request('GET', EVENTS, ['Host', 'docker']);
  signal.addEventListener('abort', () => request.destroy(), { once: true });
  return await new Promise((resolve, reject) => {
    // After the answer a failure is the answer's.
    request.on('error', reject);
    request.on('response', resolve);
    request.end();
  });
}
