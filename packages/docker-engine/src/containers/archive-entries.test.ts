import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packArchive, readArchiveEntries } from './archive-entries.js';

const inPieces = (bytes: Uint8Array, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    ),
    { objectMode: false },
  );

describe('an archive', () => {
  it('comes back as it was packed, whatever the chunks', async () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z]{1,120}$/),
      content: fc.uint8Array({ maxLength: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(file), fc.integer({ min: 100, max: 3000 }), async (files, size) => {
        const tar = await packArchive(files.map(({ name, content }) => ({ header: { name }, content })));
        const found: unknown[] = [];
        for await (const { header, content } of readArchiveEntries(inPieces(tar, size)))
          found.push([header.name, [...Buffer.concat(await Array.fromAsync(content))]]);
        expect(found).toEqual(files.map(({ name, content }) => [name, [...content]]));
      }),
      { numRuns: 30 },
    );
  });

  it('goes on when a content is not read', async () => {
    const tar = await packArchive([
      { header: { name: 'a' }, content: Buffer.alloc(300_000) },
      { header: { name: 'b', type: 'directory', mode: 0o750 } },
    ]);
    const names: string[] = [];
    for await (const { header } of readArchiveEntries(inPieces(tar, 1000))) names.push(header.name);
    expect(names).toEqual(['a', 'b']);
  });

  it('ends its source when its reader leaves', async () => {
    const tar = await packArchive([
      { header: { name: 'a' } },
      { header: { name: 'b' }, content: Buffer.alloc(9_000_000) },
    ]);
    const source = inPieces(tar, 1000);
    for await (const _ of readArchiveEntries(source)) break;
    expect(source.destroyed).toBe(true);
  });

  it('that breaks off is an error', async () => {
    const tar = await packArchive([{ header: { name: 'a' }, content: Buffer.alloc(5000) }]);
    const read = Array.fromAsync(
      readArchiveEntries(inPieces(tar.subarray(0, 2000), 500)),
      ({ header }) => header.name,
    );
    await expect(read).rejects.toThrow();
  });
});
