import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { openSubject } from '../test/run-both.ts';
import { pageLinks } from './crawl/page-links.js';
import { requestPath } from './crawl/request-path.js';
import { parseSrcset } from './crawl/srcset.js';
import * as api from './index.js';

const opened = new AsyncDisposableStack();
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  const { image, toolbox, reader } = await openSubject(engine, await ensureBase(engine));
  opened.use(reader);
  const command = ['sh', '-c', 'read version </etc/debian_version'];
  const streams = { onOutput: () => {} };
  const options = { network: 'none' };
  const run = opened.use(await api.traceRun(engine, toolbox, reader, { image, command, options, streams }));
  const config = { Image: image.id, Cmd: ['true'], HostConfig: { NetworkMode: 'none' } };
  const crawl = { pageLinks, requestPath, parseSrcset };
  scope = { ...api, ...crawl, engine, image, toolbox, reader, run, config };
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
