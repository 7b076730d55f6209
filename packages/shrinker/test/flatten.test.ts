import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { flatten } from '../src/index.js';
import { exportTree } from './exported-tree.ts';

const TAG = 'keepset/test-flatten:source';
const RESULT = 'keepset/test-flatten:flat';
/** What a layer hides is not in the result; what the configuration says is. */
const DOCKERFILE = (base: string) => `FROM ${base}
RUN dd if=/dev/zero of=/large bs=1000 count=5000 && touch -d @1000000000 /etc/apt
RUN rm /large && chmod 1750 /srv && chown 7:8 /srv
ENV A="b c"
USER 1234:5678
CMD ["true"]
`;

let engine: Engine;
beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = DOCKERFILE(await ensureBase(engine));
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: TAG,
  });
});
afterAll(async () => {
  for (const name of [TAG, RESULT]) await engine?.removeImage(name);
  await engine?.[Symbol.asyncDispose]();
});

it('an image of one layer shows what the source shows, and is configured as the source', async () => {
  const source = await engine.inspectImage(TAG);
  const result = await flatten(engine, { image: TAG, tags: [RESULT], version: 'test' }, { onEvent() {} });
  const image = await engine.inspectImage(RESULT);
  expect(image).toMatchObject({ id: result.id, config: source?.config, created: source?.created });
  expect(image?.diffIds).toHaveLength(1);
  expect(result.sourceBytes - result.resultBytes).toBeGreaterThan(4_900_000);
  const [before, after] = [await exportTree(engine, TAG), await exportTree(engine, RESULT)];
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [path, entry] of before) expect(after.get(path), path).toEqual(entry);
});

it('again it is the same image', async () => {
  const flattenHere = () => flatten(engine, { image: TAG, tags: [], version: 'test' }, { onEvent() {} });
  expect((await flattenHere()).id).toBe((await flattenHere()).id);
});
