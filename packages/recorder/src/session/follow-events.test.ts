import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUpstream } from '../proxy/upstream.js';
import { followEvents } from './follow-events.js';

const folder = mkdtempSync(join(tmpdir(), 'follow-'));
const path = join(folder, 'socket');
/** Each request for events, as the engine holds it open. */
const streams: ServerResponse[] = [];
const server = createServer((_, response) => {
  response.writeHead(200).flushHeaders();
  streams.push(response);
});
beforeAll(async () => {
  await once(server.listen(path), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const say = (id: string) =>
  streams
    .at(-1)
    ?.write(`${JSON.stringify({ Type: 'container', Action: 'start', Actor: { ID: id }, time: 1 })}\n`);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(5);
}

it('goes on when the engine does, and says that something may have been missed', async () => {
  const seen: string[] = [];
  const following = await followEvents(createUpstream({ path }), {
    onEvent: ({ containerId }) => void seen.push(containerId),
    onGap: async () => void seen.push('a gap'),
  });
  say('one');
  await until(() => seen.length === 1);
  streams[0]?.destroy();
  await until(() => streams.length === 2);
  say('two');
  await until(() => seen.length === 3);
  expect(seen).toEqual(['one', 'a gap', 'two']);

  const ended = once(streams[1] as ServerResponse, 'close');
  await following[Symbol.asyncDispose]();
  await ended;
  await setTimeout(400);
  expect(streams.length).toBe(2);
});

it('an engine that does not answer at first is an error', async () => {
  const listener = { onEvent: () => {}, onGap: async () => {} };
  await expect(followEvents(createUpstream({ path: join(folder, 'none') }), listener)).rejects.toThrow(
    'ENOENT',
  );
});
