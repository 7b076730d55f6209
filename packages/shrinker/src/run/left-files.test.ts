import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container } from '@keepset/docker-engine';
import { expect, it } from 'vitest';
import { readLeftFiles } from './left-files.js';

/** An entry of an archive: a file's text, or the entry that a hard link has the content of. */
type Entry = readonly [name: string, what: { readonly text: string } | { readonly link: string }];

/** A container of which only archives are asked. */
function holding(archives: Readonly<Record<string, readonly Entry[]>>): Container {
  async function* entriesOf(path: string) {
    for (const [name, what] of archives[path] ?? [])
      yield 'link' in what
        ? { header: { name, type: 'link', mode: 0o644, linkname: what.link, size: 0 }, content: chunks('') }
        : { header: { name, type: 'file', mode: 0o644, size: what.text.length }, content: chunks(what.text) };
  }
  return { getFiles: async (path: string) => entriesOf(path) } as unknown as Container;
}

async function* chunks(text: string) {
  yield Buffer.from(text);
}

async function textsOf(container: Container): Promise<Readonly<Record<string, string | undefined>>> {
  const folder = await mkdtemp(join(tmpdir(), 'keepset-left-files-'));
  try {
    const options = { tree: new Map() as never, folder };
    const files = await readLeftFiles(container, [{ path: '/out', isNew: true }], options);
    const texts = [...files].map(async ([path, { content }]) => {
      const text = content && Buffer.concat(await Array.fromAsync(content.read())).toString();
      return [path, text] as const;
    });
    return Object.fromEntries(await Promise.all(texts));
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('each name of a file has its content, whichever comes first in the archive', async () => {
  const [a, b] = ['out/a', 'out/b'];
  const texts = { '/out/a': 'made', '/out/b': 'made' };
  const first = holding({
    '/out': [
      [a, { text: 'made' }],
      [b, { link: a }],
    ],
  });
  const last = holding({
    '/out': [
      [b, { text: 'made' }],
      [a, { link: b }],
    ],
  });
  expect(await textsOf(first)).toEqual(texts);
  expect(await textsOf(last)).toEqual(texts);
});

it('a name whose other is not in the archive is asked for alone', async () => {
  const container = holding({
    '/out': [['out/a', { link: 'elsewhere' }]],
    '/out/a': [['a', { text: 'made' }]],
  });
  expect(await textsOf(container)).toEqual({ '/out/a': 'made' });
});
