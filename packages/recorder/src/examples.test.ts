import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveEngineAddress, toSocketOptions } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine } from '../../../test-fixtures/images.ts';
import { toEndpoint } from './api/endpoint.js';
import { parseExactJson } from './api/exact-json.js';
import { whyUntraced } from './api/why-untraced.js';
import * as api from './index.js';

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-examples-'));
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  const image = { architecture: 'amd64', os: 'linux' };
  const plain = { toEndpoint, parseExactJson, whyUntraced, toSocketOptions };
  scope = {
    ...api,
    ...plain,
    engine: Object.assign(engine, image, { securityOptions: [] }),
    image,
    address,
    folder,
  };
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

it.each(readDocstringExamples(new URL('.', import.meta.url)))(
  'the example at $place gives what it says',
  async (example) => {
    const { values, expected } = await runDocstringExample(example, scope);
    expect(values).toEqual(expected);
  },
);
