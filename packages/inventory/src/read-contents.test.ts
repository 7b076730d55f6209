import { toTree } from '@keepset/image-tree';
import { expect, it } from 'vitest';
import { readInventory } from './read-inventory.js';
import { filesByPackage, folderSource, memorySource } from './test-source.test-helper.js';

const ELF = `\x7fELF${'\0'.repeat(5000)}`;

it('Java: the coordinates of all that Maven put into an archive, else what the manifest tells', async () => {
  const inventory = await readInventory(await folderSource('jars'));
  expect(filesByPackage(inventory)).toEqual({
    'pkg:generic/java/org.keepset.bundle@1.2.3': ['/opt/app/lib/bundle.jar'],
    'pkg:maven/org.keepset/greeter@2.0.1': ['/opt/app/lib/greeter.jar'],
    'pkg:maven/org.keepset/shaded@1.0': ['/opt/app/lib/greeter.jar'],
  });
  expect(inventory.packages[0]).toMatchObject({
    name: 'org.keepset.bundle',
    origin: 'A vendor whose name is so long that the line must be folded in the manifest',
    licenses: ['EPL-2.0'],
  });
  expect(inventory.packages[1]).toMatchObject({ name: 'org.keepset:greeter', licenses: [] });
  expect(inventory.unowned.files).toBe(1);
  expect(inventory.warnings).toEqual([]);
});

it('Go and Rust: what a program was linked from, and not what only built it', async () => {
  const inventory = await readInventory(await folderSource('programs'));
  const [go, rust] = ['/usr/local/bin/go-greeter', '/usr/local/bin/rust-greeter'];
  expect(filesByPackage(inventory)).toEqual({
    'pkg:cargo/greeter@0.3.0': [rust],
    'pkg:cargo/libc@0.2.150': [rust],
    'pkg:golang/example.org/fork/net@v0.1.1': [go],
    'pkg:golang/example.org/greeter': [go],
    'pkg:golang/github.com/One/two@v1.2.3': [go],
    'pkg:golang/stdlib@1.22.3': [go],
  });
  expect(inventory.packages.find(({ name }) => name === 'github.com/One/two')?.ecosystem).toBe('go');
  expect(inventory.packages.find(({ name }) => name === 'libc')?.origin).toBe('crates.io');
  expect(inventory.warnings).toEqual([
    { path: '/usr/local/bin/go-old', message: expect.stringMatching(/before 1\.18/) },
  ]);
});

it('Perl: what make install listed, with the version of the main module', async () => {
  const inventory = await readInventory(await folderSource('perl'));
  const root = '/usr/local';
  expect(filesByPackage(inventory)).toEqual({
    'pkg:cpan/Keepset%3A%3AGreeter@1.02': [
      `${root}/lib/x86_64-linux-gnu/perl/5.36.0/auto/Keepset/Greeter/.packlist`,
      `${root}/share/perl/5.36.0/Keepset/Greeter.pm`,
    ],
  });
  expect(inventory.warnings).toEqual([]);
});

it.each([
  ["our $VERSION = '1.5_01';", '1.5_01'],
  ['$Foo::Bar::VERSION = 2;', '2'],
  ["use version; our $VERSION = version->declare('v1.2.3');", 'v1.2.3'],
  ['our $VERSION = qv("0.9");', '0.9'],
  ['package Foo::Bar 3.14;\n$VERSION', '3.14'],
  ['# $VERSION = 1;\n__END__\n$VERSION = 2;', undefined],
])('Perl: the version in %j is %s', async (code, version) => {
  const list = '/usr/lib/perl5/auto/Foo/Bar/.packlist';
  const { packages, warnings } = await readInventory(
    memorySource({ [list]: '/usr/lib/perl5/Foo/Bar.pm type=file\n', '/usr/lib/perl5/Foo/Bar.pm': code }),
  );
  expect(packages.map((each) => each.version)).toEqual(version === undefined ? [] : [version]);
  expect(warnings.map(({ path }) => path)).toEqual(version === undefined ? [list] : []);
});

it('Perl itself has a list of its own', async () => {
  const folder = '/usr/local/lib/perl5/5.38.2/x86_64-linux-gnu';
  const inventory = await readInventory(
    memorySource({ [`${folder}/.packlist`]: `${folder}/Config.pm\n`, [`${folder}/Config.pm`]: '' }),
  );
  expect(filesByPackage(inventory)).toEqual({
    'pkg:generic/perl@5.38.2': [`${folder}/.packlist`, `${folder}/Config.pm`],
  });
});

it('what is broken is a warning about that file alone', async () => {
  const inventory = await readInventory({
    ...memorySource({
      '/a.jar': 'PK\x03\x04 no more',
      '/b.jar': 'not even that',
      '/c': ELF.replace('\0', '\x02'),
      '/d': `\x7fELF\x02\x01${'\xff'.repeat(5000)}`,
      '/e': `#!/bin/sh\n${' '.repeat(5000)}`,
    }),
  });
  expect(inventory.packages).toEqual([]);
  expect(inventory.unowned.files).toBe(5);
  expect(inventory.warnings.map(({ path }) => path)).toEqual(['/a.jar', '/d']);
});

it('reads whole only what begins as it should, is no library, and is not the distribution’s', async () => {
  const files = {
    '/var/lib/dpkg/status': 'Package: p\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
    '/var/lib/dpkg/info/p.list': '/usr/bin/theirs\n',
    '/usr/bin/theirs': ELF,
    '/usr/bin/ours': ELF,
    '/usr/bin/script': `#!/bin/sh\n${' '.repeat(5000)}`,
    '/usr/lib/libx.so.1': ELF,
    '/usr/bin/short': '\x7fELF',
  };
  const source = memorySource(files);
  const asked: (readonly [readonly string[], number | undefined])[] = [];
  await readInventory({
    tree: source.tree,
    readFiles(paths, maxBytes) {
      asked.push([paths, maxBytes]);
      return source.readFiles(paths, maxBytes);
    },
  });
  expect(asked.slice(1)).toEqual([
    [['/usr/bin/ours', '/usr/bin/script'], 4],
    [['/usr/bin/ours'], undefined],
  ]);
});

it('asks for large files group by group, and not for the largest', async () => {
  const source = memorySource({ '/a.jar': 'PK', '/b.jar': 'PK', '/c.jar': 'PK', '/d.jar': 'PK' });
  const megabytes: Record<string, number> = { '/a.jar': 20, '/b.jar': 20, '/c.jar': 129, '/d.jar': 10 };
  const entries = [...source.tree.entries()].map((entry) => ({
    ...entry,
    ...(megabytes[entry.path] && { sizeBytes: (megabytes[entry.path] ?? 0) * 1024 * 1024 }),
  }));
  const groups: (readonly string[])[] = [];
  const { warnings } = await readInventory({
    tree: toTree(entries),
    async readFiles(paths, maxBytes) {
      if (maxBytes === undefined && paths.length > 0) groups.push(paths);
      return paths.map(() => Buffer.from('PK\x03\x04'));
    },
  });
  expect(groups).toEqual([['/a.jar'], ['/b.jar', '/d.jar']]);
  expect(warnings).toContainEqual({ path: '/c.jar', message: expect.stringMatching(/larger than 128 MiB/) });
});
