import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { toFolderReader } from './folder-reader.js';
import { type Resolution, resolvePath } from './resolve-paths.js';

const folder = mkdtempSync(join(tmpdir(), 'resolve-'));
const root = join(folder, 'root');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

for (const name of ['root/usr/bin', 'outside']) mkdirSync(join(folder, name), { recursive: true });
for (const name of ['root/usr/bin/dash', 'outside/secret', 'root/file'])
  writeFileSync(join(folder, name), '');
writeFileSync(bytes(`${root}/\xff\xfe`), '');
for (const [name, target] of [
  ['root/bin', 'usr/bin'],
  ['root/usr/bin/sh', '/usr/bin/dash'],
  ['root/out', '../outside'],
  ['root/away', join(folder, 'outside')],
  ['root/top', '/../..'],
  ['root/odd', bytes('\xff\xfe')],
  ['other-name', 'root'],
] as const)
  symlinkSync(target, join(folder, name));
afterAll(() => rmSync(folder, { recursive: true }));

const table: [path: string, end: Pick<Resolution, 'path' | 'failure'>][] = [
  ['/bin/sh', { path: '/usr/bin/dash' as Resolution['path'] }],
  ['/top/bin/../bin/sh', { path: '/usr/bin/dash' as Resolution['path'] }],
  ['/../../file', { path: '/file' as Resolution['path'] }],
  ['/odd', { path: '/\xff\xfe' as Resolution['path'] }],
  ['/file/..', { path: '/file' as Resolution['path'], failure: 'ENOTDIR' }],
  ['/out/secret', { path: '/' as Resolution['path'], failure: 'ENOENT' }],
  ['/away/secret', { path: '/' as Resolution['path'], failure: 'ENOENT' }],
];

it.each(table)('%j is where chroot(2) shows it', async (path, end) => {
  for (const name of [root, `${root}/`, join(folder, 'other-name')])
    expect(await resolvePath({ path }, toFolderReader(name))).toMatchObject(end);
});

it('says of no path below a link what is there', async () => {
  const paths = ['/', '/out', '/out/secret', '/away/secret', '/bin/sh', '/file/below', '/usr/bin/sh'];
  const answers = await toFolderReader(root).readLinks(paths);
  expect(answers.map(({ kind }) => kind)).toEqual([
    'directory',
    'link',
    'missing',
    'missing',
    'missing',
    'missing',
    'link',
  ]);
});

it('sees what has changed since it was asked last', async () => {
  const links = toFolderReader(root);
  const ask = async () => (await links.readLinks(['/later']))[0]?.kind;
  expect(await ask()).toBe('missing');
  mkdirSync(join(root, 'later'));
  expect(await ask()).toBe('directory');
});

it.each(['file', 'absent'])('refuses %s, which is no folder', async (name) => {
  const asked = resolvePath({ path: '/a' }, toFolderReader(join(root, name)));
  await expect(asked).rejects.toMatchObject({ code: 'RESOLVE_UNREADABLE' });
});
