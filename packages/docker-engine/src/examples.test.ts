import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as api from './index.js';

const opened = new AsyncDisposableStack();
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  const config = {
    Image: await ensureBase(engine),
    Cmd: ['sleep', 'infinity'],
    HostConfig: { NetworkMode: 'none' },
  };
  const container = opened.use(await engine.createContainer(config, 'test'));
  await container.start();
  const server = createServer((_, answer) => answer.end('{"repositories":["a/b"]}')).listen(0, '127.0.0.1');
  opened.defer(() => void server.close());
  await once(server, 'listening');
  const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  scope = { ...api, homedir, engine, config, container, registry };
});
afterAll(async () => {
  await opened.disposeAsync();
});

it.each(readDocstringExamples(new URL('.', import.meta.url)))(
  'the example at $place gives what it says',
  async (example) => {
    const { values, expected } = await runDocstringExample(example, scope);
    expect(values).toEqual(expected);
  },
);
