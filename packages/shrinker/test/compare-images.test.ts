import { type ArchiveHeader, type Engine, packArchive } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine } from '../../../test-fixtures/images.ts';
import { compareImages } from '../src/index.js';

const NAME = `keepset/test-compare-${process.pid}`;
const MTIME = new Date(1_600_000_000_000);

let engine: Engine;
beforeAll(async () => {
  engine = await connectTestEngine();
});
afterAll(async () => {
  for (const tag of ['before', 'after']) await engine.removeImage(`${NAME}:${tag}`);
  await engine[Symbol.asyncDispose]();
});

type Files = Readonly<Record<string, string | (Partial<ArchiveHeader> & { readonly text?: string })>>;

async function build(tag: string, files: Files): Promise<string> {
  const layer = await packArchive(
    Object.entries(files).map(([name, file]) => {
      const { text, ...header } = typeof file === 'string' ? { text: file } : file;
      return {
        header: { name, mode: 0o644, mtime: MTIME, ...header },
        ...(text !== undefined && { content: Buffer.from(text) }),
      };
    }),
  );
  await engine.buildImage(
    [
      { header: { name: 'Dockerfile' }, content: Buffer.from('FROM scratch\nADD layer.tar /\nCMD ["x"]\n') },
      { header: { name: 'layer.tar' }, content: layer },
    ],
    { tag: `${NAME}:${tag}` },
  );
  return `${NAME}:${tag}`;
}

it('reads contents that neither size nor time tell apart, large ones and many small ones', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [`many/${index}`, `${index}`.padStart(7)]),
  );
  const large = 'x'.repeat(3_000_000);
  const before = await build('before', {
    ...many,
    empty: '',
    large: large,
    end: 'same',
    link: { type: 'symlink', linkname: 'end' },
    'other name': { type: 'link', linkname: 'large' },
    touched: 'same',
    mode: 'same',
  });
  const after = await build('after', {
    ...many,
    'many/1234': '   1243',
    empty: '',
    large: `${large.slice(0, -1)}y`,
    end: 'same',
    link: { type: 'symlink', linkname: 'large' },
    'other name': { type: 'link', linkname: 'large' },
    touched: { text: 'same', mtime: new Date(0) },
    mode: { text: 'same', mode: 0o755, uid: 3 },
  });
  const { changes, ...sums } = await compareImages(engine, [before, after], { onEvent: () => {} });
  expect([...changes.values()].map(({ path, aspects }) => [path, ...aspects])).toEqual([
    ['/large', 'content'],
    ['/other name', 'content'],
    ['/many/1234', 'content'],
    ['/link', 'target'],
    ['/mode', 'mode', 'owner'],
  ]);
  // Two names, one content.
  expect(sums.before.sizeBytes).toBe(sums.after.sizeBytes);
  expect(sums.changed.sizeBytes).toBe(3_000_000 + 7 + 4);
  const timed = await compareImages(engine, [before, after], { times: true, onEvent: () => {} });
  expect([...timed.changes.keys()]).toContain('/touched');
});
