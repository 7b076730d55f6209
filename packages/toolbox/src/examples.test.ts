import { afterAll, beforeAll, expect, it } from 'vitest';
import { readDocstringExamples, runDocstringExample } from '../../../test-fixtures/docstring-examples.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as api from './index.js';

const opened = new AsyncDisposableStack();
let scope: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const engine = opened.use(await connectTestEngine());
  const image = await engine.inspectImage(await ensureBase(engine));
  if (image === undefined) throw new Error('the base was not built');
  const toolbox = await api.provideToolbox(engine, image.id, image.architecture);
  scope = { ...api, engine, image, toolbox };
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
