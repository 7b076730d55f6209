import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { shrinkHere } from './shrink-here.ts';

const NAME = `keepset/test-guards-${process.pid}`;
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  for (const tag of ['source', 'one', 'other', 'small']) await engine.removeImage(`${NAME}:${tag}`);
  await engine[Symbol.asyncDispose]();
});

async function makeImage(tag: string, text: string): Promise<string> {
  const dockerfile = `FROM ${base}\nRUN echo ${text} >/text\n`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: `${NAME}:${tag}`,
  });
  return (await engine.inspectImage(`${NAME}:${tag}`))?.id ?? '';
}

it('a tag that moves to another image while the command runs changes nothing', async () => {
  const [one, other] = [await makeImage('one', 'one'), await makeImage('other', 'other')];
  await engine.tagImage(one, { repository: NAME, tag: 'source' });
  const moving: Engine = {
    ...engine,
    async createContainer(config, role) {
      // The reader of the source is open, and nothing has been run.
      if (role === 'trace') await engine.tagImage(other, { repository: NAME, tag: 'source' });
      return await engine.createContainer(config, role);
    },
  };
  const request = { image: `${NAME}:source`, command: ['cat', '/text'], tags: [`${NAME}:small`] };
  const { result, output } = await shrinkHere(moving, request);
  expect((await engine.inspectImage(`${NAME}:source`))?.id).toBe(other);
  expect(output).toBe('one\n');
  expect(result).toMatchObject({ verified: true, manifest: { source: { id: one } } });
});

it('a result that is larger than its source is told of', async () => {
  const id = (await engine.inspectImage(base))?.id;
  /** As an engine that counts sources compressed would say it. */
  const counting: Engine = {
    ...engine,
    async inspectImage(reference) {
      const image = await engine.inspectImage(reference);
      return image?.id === id && image !== undefined ? { ...image, sizeBytes: 1000 } : image;
    },
  };
  const request = { image: base, command: ['cat', '/etc/debian_version'], version: NAME };
  const notes = async (by: Engine) => {
    const { result, events } = await shrinkHere(by, request);
    await engine.removeImage(result.id);
    return events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
  };
  expect(await notes(engine)).toEqual([]);
  expect(await notes(counting)).toEqual([
    expect.stringMatching(/^warning: the result is larger than the source \(\d+ instead of 1000 bytes\)$/),
  ]);
});
