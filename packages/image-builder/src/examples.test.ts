import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngineImage } from '@keepset/image-source';
import { openImageReader, provideToolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as api from './index.js';

const opened = new AsyncDisposableStack();
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  const source = await engine.inspectImage(await ensureBase(engine));
  if (source === undefined) throw new Error('the base was not built');
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  const reader = opened.use(await openImageReader(engine, source, toolbox));
  const folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  opened.defer(() => rm(folder, { recursive: true }));
  scope = { ...api, engine, source, toolbox, reader, image: openEngineImage(reader, source), folder };
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
