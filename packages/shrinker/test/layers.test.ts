import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { exportTree } from './exported-tree.ts';
import { type HereOptions, runHere, shrinkHere } from './shrink-here.ts';

// Name and version are of this process alone: the same request elsewhere on the engine makes, and removes, the same image.
const NAME = `keepset/test-layers-${process.pid}`;
const SOURCE = `${NAME}:source`;
const REMAINDER = `${NAME}:whole`;
/** One file with several names, of which a run uses one; and one that is a package's in its other name. */
const LINKED = `
RUN mkdir /linked && echo linked >/linked/a && ln /linked/a /linked/b && ln /linked/a /linked/c
RUN ln /usr/bin/cat /linked/cat
`;

let engine: Engine;
const made = new Set<string>();

beforeAll(async () => {
  engine = await connectTestEngine();
  const dockerfile = `FROM ${await ensureBase(engine)}${LINKED}`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: SOURCE,
  });
});
afterAll(async () => {
  for (const id of made) await engine.removeImage(id);
  for (const tag of [REMAINDER, SOURCE]) await engine.removeImage(tag);
  await engine[Symbol.asyncDispose]();
});

async function shrinkLayered(command: readonly string[], request: HereOptions = {}) {
  const { result } = await shrinkHere(engine, { image: SOURCE, command, version: NAME, ...request });
  made.add(result.id);
  return { result, image: (await engine.inspectImage(result.id)) as ImageDetails };
}

it('by package: the same files as in one layer, some layers shared with another result', async () => {
  const layers = 'by-package';
  const command = ['sh', '-c', '/linked/cat /linked/b; cat /linked/a /etc/debian_version'];
  const one = await shrinkLayered(command);
  const several = await shrinkLayered(command, { layers, builder: 'direct' });
  expect(several.result.verified).toBe(true);
  expect(several.image.config).toEqual(one.image.config);
  expect(several.image.diffIds.length).toBeGreaterThan(2);
  const [tree, layered] = [
    await exportTree(engine, one.image.id),
    await exportTree(engine, several.image.id),
  ];
  expect(layered).toEqual(tree);
  const inodes = [
    'sh',
    '-c',
    'cat /linked/a; test /linked/a -ef /linked/b && test /usr/bin/cat -ef /linked/cat',
  ];
  const links = await shrinkLayered(inodes, { layers, keep: { keep: ['/linked'] } });
  expect((await runHere(engine, links.result.id, inodes)).exitStatus).toBe(0);

  const again = await shrinkLayered(command, { layers });
  expect(again.image.id).toBe(several.image.id);
  const other = await shrinkLayered(['sort', '/etc/issue'], { layers });
  const shared = other.image.diffIds.filter((diffId) => several.image.diffIds.includes(diffId));
  expect(shared.length).toBeGreaterThan(0);
  expect(other.image.diffIds).not.toEqual(several.image.diffIds);
});

it.each(['one', 'by-package'] as const)(
  'the remainder above layers (%s) is the whole source again',
  async (layers) => {
    const request = { layers, remainder: REMAINDER, keep: { listed: 'stub' } } as const;
    const { image } = await shrinkLayered(['sh', '-c', 'cat /linked/a; ls /etc/apt'], request);
    const whole = (await engine.inspectImage(REMAINDER)) as ImageDetails;
    expect(whole.diffIds.slice(0, -1)).toEqual(image.diffIds);
    expect(whole.config).toEqual(image.config);
    const [source, after] = [await exportTree(engine, SOURCE), await exportTree(engine, REMAINDER)];
    expect([...after.keys()].sort()).toEqual([...source.keys()].sort());
    for (const [path, entry] of source) expect(after.get(path), path).toEqual(entry);
    const same = ['sh', '-c', 'test /linked/a -ef /linked/c && test /usr/bin/cat -ef /linked/cat'];
    expect((await runHere(engine, REMAINDER, same)).exitStatus).toBe(0);
    await engine.removeImage(REMAINDER);
  },
);
