import { checkTree, toTree } from '@keepset/image-tree';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASES } from '../../test/images-of-layers.ts';
import { type LayerEntry, toTar } from '../../test/make-image.ts';
import { readTar } from '../tar/read-tar.js';
import { streamInput } from '../tar/tar-input.js';
import { Overlay } from './overlay.js';

async function stack(layers: readonly (readonly LayerEntry[])[]): Promise<Overlay> {
  const overlay = new Overlay();
  for (const layer of layers) {
    overlay.beginLayer();
    const tar = await toTar(layer);
    for await (const entry of readTar(streamInput(ReadableStream.from([tar])))) overlay.apply(entry);
  }
  return overlay;
}

const pathsOf = async (...layers: readonly (readonly LayerEntry[])[]) =>
  [...toTree((await stack(layers)).entries()).entries()].map(({ path }) => path);

describe('layers upon each other', () => {
  // The engine's own answer to these stands in test/engine.test.ts.
  it.each(Object.entries(CASES))('%s: are a tree', async (_, layers) => {
    expect(checkTree(toTree((await stack(layers)).entries()).entries())).toEqual([]);
  });

  it.each<[string, readonly (readonly LayerEntry[])[], readonly string[]]>([
    ['a name twice in a layer is what it is last', [[['x/'], ['x/y'], ['x']]], ['/', '/x']],
    ['a whiteout hides nothing of its own layer', [[['x']], [['x'], ['.wh.x']]], ['/', '/x']],
    ['whichever comes first', [[['x']], [['.wh.x'], ['x']]], ['/', '/x']],
    [
      'of a folder it hides what is below, not what is there again',
      [
        [['x/'], ['x/old']],
        [['x/'], ['x/new'], ['.wh.x']],
      ],
      ['/', '/x', '/x/new'],
    ],
    ['folders that no layer has are made', [[['x/y/z']]], ['/', '/x', '/x/y', '/x/y/z']],
    [
      'marks of other file systems are left out',
      [[['.wh..wh.plnk/'], ['.wh..wh.plnk/1.2'], ['.wh..wh.aufs']]],
      ['/'],
    ],
  ])('%s', async (_, layers, paths) => {
    expect(await pathsOf(...layers)).toEqual(paths);
  });

  it('a folder that a layer puts something into, and does not name, stays what it was', async () => {
    const tree = toTree((await stack([[['x/', { mode: 0o1777, uid: 5 }]], [['x/y']]])).entries());
    expect(tree.get('/x')).toMatchObject({ mode: 0o1777, uid: 5 });
  });

  it('a hard link to a file of a layer below makes it one of its own', async () => {
    const tree = toTree(
      (
        await stack([
          [['x'], ['y', { type: 'link', linkname: 'x' }]],
          [['z', { type: 'link', linkname: 'x' }]],
        ])
      ).entries(),
    );
    expect(tree.hardLinks('/x').map(({ path }) => path)).toEqual(['/z']);
    expect(tree.get('/y')?.linkCount).toBe(2);
  });

  const LINK: LayerEntry = ['link', { type: 'symlink', linkname: 'etc' }];
  it.each<[string, readonly LayerEntry[], RegExp]>([
    ['a name that leaves the image', [['../x']], /"\.\.\/x" leads through '\.\.'/],
    ['one that leaves it later', [['a/../../x']], /leads through '\.\.'/],
    ['an absolute name', [['/etc/passwd']], /"\/etc\/passwd" is absolute/],
    [
      'a name through a link',
      [['etc/'], LINK, ['link/passwd']],
      /"link\/passwd" leads through "link", which is a link/,
    ],
    ['a name through a file', [['x'], ['x/y']], /"x\/y" leads through "x", which is no folder/],
    ['a whiteout through a link', [['etc/'], LINK, ['link/.wh.x']], /leads through "link"/],
    ['a whiteout of the folder above', [['a/'], ['a/.wh...']], /hides nothing that has a name/],
    ['a hard link to nothing', [['x', { type: 'link', linkname: 'y' }]], /"x" to "y", which is not there/],
    ['a hard link to a folder', [['y/'], ['x', { type: 'link', linkname: 'y' }]], /which is a folder/],
    [
      'a hard link out of the image',
      [['x', { type: 'link', linkname: '../etc/passwd' }]],
      /leads through '\.\.'/,
    ],
    [
      'a hard link through a link',
      [['etc/'], ['etc/x'], LINK, ['y', { type: 'link', linkname: 'link/x' }]],
      /leads through "link"/,
    ],
    ['a root that is a file', [['./', { type: 'symlink', linkname: 'x' }]], /the root is no folder/],
    ['a name longer than any', [['x'.repeat(256)]], /a name longer than 255 bytes/],
    ['an owner that is none', [['x', { pax: { uid: '4294967295' } }]], /the owner of "x"/],
  ])('%s is refused by name', async (_, layer, message) => {
    await expect(stack([layer])).rejects.toThrow(message);
  });
});

it('whatever layers do, what comes out is a tree, and nothing else is thrown than a fault of theirs', async () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', 'c', '.wh.a', '.wh.b', '.wh..wh..opq', '..', '.'), {
      minLength: 1,
      maxLength: 3,
    })
    .map((names) => names.join('/'));
  const type = fc.constantFrom('file', 'directory', 'symlink', 'link', 'fifo', 'character-device');
  const entry = fc
    .tuple(name, fc.record({ type, linkname: name }))
    .map(([text, header]) => [text, header] as LayerEntry);
  const layers = fc.array(fc.array(entry, { maxLength: 8 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(layers, async (given) => {
      const overlay = await stack(given).catch((error: Error) => {
        expect(error.name).toBe('LayerFault');
        return undefined;
      });
      const problems = overlay && checkTree(toTree(overlay.entries()).entries());
      expect(problems ?? []).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
