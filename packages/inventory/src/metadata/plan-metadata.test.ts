import { describe, expect, it } from 'vitest';
import { type InventorySource, readInventory } from '../read-inventory.js';
import { folderSource, memorySource } from '../test-source.test-helper.js';
import { type LeftFiles, type MetadataPlan, type MetadataPolicy, planMetadata } from './plan-metadata.js';

interface MetadataOptions {
  readonly policy?: MetadataPolicy;
  readonly stubs?: readonly string[];
  readonly listed?: readonly string[];
  readonly isUnwanted?: LeftFiles['isUnwanted'];
}

async function planOf(
  source: InventorySource,
  left: readonly string[],
  { policy = 'used', stubs = [], listed = [], isUnwanted = () => false }: MetadataOptions = {},
): Promise<MetadataPlan> {
  return await planMetadata(source, await readInventory(source), {
    policy,
    left: {
      paths: left,
      has: (path) => left.includes(path),
      isStub: (path) => stubs.includes(path),
      listed: new Set(listed),
      isUnwanted,
    },
  });
}

const textsOf = ({ generated }: MetadataPlan) =>
  Object.fromEntries(
    generated.map(({ path, content }) => [path, content && Buffer.from(content).toString('latin1')]),
  );

const SUM = 'd41d8cd98f00b204e9800998ecf8427e';
const OTHER_SUM = '0cc175b9c0f1b6a831c399e269772661';
const INFO = '/var/lib/dpkg/info';
const ONE = `Package: one
Status: install ok installed
Architecture: amd64
Version: 1:2.0-1
Conffiles:
 /etc/one.conf ${SUM}
 /etc/gone.conf ${SUM}
Description: one
 .
 more of it
`;
const TWO = 'Package: two\nStatus: install ok installed\nArchitecture: all\nVersion: 3\n';

const debian = memorySource({
  '/etc/os-release': 'ID=debian\n',
  '/bin': '-> usr/bin',
  '/usr/bin/one': 'x',
  '/usr/bin/other': 'x',
  '/usr/bin/tool.real': 'x',
  '/usr/bin/two': 'x',
  '/etc/one.conf': 'x',
  '/etc/gone.conf': 'x',
  '/var/lib/dpkg/status': `${ONE}\n${TWO}`,
  '/var/lib/dpkg/diversions': '/usr/bin/tool\n/usr/bin/tool.real\nwrapper\n',
  [`${INFO}/one.list`]: '/bin/one\n/usr/bin/other\n/usr/bin/tool\n/etc/one.conf\n/etc/gone.conf\n',
  [`${INFO}/one.md5sums`]: `${SUM}  bin/one\n${SUM}  usr/bin/other\n${OTHER_SUM}  usr/bin/tool\n`,
  [`${INFO}/two.list`]: '/usr/bin/two\n',
});

describe('dpkg', () => {
  it('has an entry for each package of which something is left, by the real names of what is left', async () => {
    const plan = await planOf(debian, ['/usr/bin/one', '/usr/bin/tool.real', '/etc/one.conf']);
    expect(textsOf(plan)).toEqual({
      '/var/lib/dpkg/status.d': undefined,
      '/var/lib/dpkg/status.d/one': ONE.replace(` /etc/gone.conf ${SUM}\n`, ''),
      '/var/lib/dpkg/status.d/one.md5sums': `${SUM}  usr/bin/one\n${OTHER_SUM}  usr/bin/tool.real\n`,
    });
    expect(plan.generated[0]).toMatchObject({ mode: 0o755, uid: 0, from: '/var/lib/dpkg/status' });
    expect(plan.generated[1]).toMatchObject({ mode: 0o644 });
    expect([...plan.kept, ...plan.warnings]).toEqual([]);
  });

  it('says nothing of an empty file in place of another but that its package is there', async () => {
    const plan = await planOf(debian, ['/usr/bin/one', '/etc/one.conf'], {
      stubs: ['/usr/bin/one', '/etc/one.conf'],
    });
    expect(Object.keys(textsOf(plan))).toEqual(['/var/lib/dpkg/status.d', '/var/lib/dpkg/status.d/one']);
    expect(textsOf(plan)['/var/lib/dpkg/status.d/one']).not.toContain('Conffiles');
  });

  it('keeps entries that an image without dpkg has, and shortens their sums', async () => {
    const entry = 'Package: base\nVersion: 1\nArchitecture: all\n';
    const source = memorySource({
      '/var/lib/dpkg/status.d/base': entry,
      '/var/lib/dpkg/status.d/base.md5sums': `${SUM}  ./usr/a\n${SUM}  ./usr/b\n`,
      '/usr/a': '',
      '/usr/b': '',
    });
    const one = await planOf(source, ['/usr/a']);
    expect([...one.kept.keys()]).toEqual(['/var/lib/dpkg/status.d/base']);
    expect(textsOf(one)).toEqual({ '/var/lib/dpkg/status.d/base.md5sums': `${SUM}  usr/a\n` });
  });

  it.each<[string, readonly string[], MetadataOptions, string[]]>([
    [
      'a database that a run read stays',
      ['/usr/bin/one', '/var/lib/dpkg/status'],
      {},
      ['/var/lib/dpkg/status'],
    ],
    [
      'no new entry shows where a run listed',
      ['/usr/bin/one'],
      { listed: ['/var/lib/dpkg'] },
      ['/var/lib/dpkg/status.d'],
    ],
    ['nothing is left of any package', [], {}, []],
    ['nobody wants it', ['/usr/bin/one'], { isUnwanted: (path) => path.startsWith('/var/lib/dpkg') }, []],
    ['none is wanted', ['/usr/bin/one'], { policy: 'none' }, []],
  ])('has no entry where %s', async (_, left, options, warned) => {
    const plan = await planOf(debian, left, options);
    expect(textsOf(plan)).toEqual({});
    expect(plan.warnings.map(({ path }) => path)).toEqual(warned);
  });
});

it('apk: the list without the packages and the files that are gone', async () => {
  const head = 'P:musl\nV:1.2\nA:x86_64\nL:MIT\n';
  const source = memorySource({
    '/lib/apk/db/installed': `C:Q1=\n${head}F:lib\nM:0:0:755\nR:ld.so\na:0:0:755\nZ:Q1sum=\nR:libc.so\nF:usr\nR:gone\nZ:Q1=\n\nP:none\nV:1\nF:lib\nR:none\n\n`,
    '/lib/ld.so': 'x',
    '/lib/libc.so': 'x',
    '/lib/none': 'x',
    '/usr/gone': 'x',
  });
  const plan = await planOf(source, ['/lib/ld.so']);
  expect(textsOf(plan)).toEqual({
    '/lib/apk/db/installed': `C:Q1=\n${head}F:lib\nM:0:0:755\nR:ld.so\na:0:0:755\nZ:Q1sum=\n\n`,
  });
});

describe('rpm', () => {
  const MANIFEST = '/var/lib/rpmmanifest/container-manifest-2';

  it('a text of what is left of a database that rpm made, which the inventory reads as the same packages', async () => {
    const source = await folderSource('rpm');
    const plan = await planOf(source, ['/usr/bin/hello']);
    const texts = textsOf(plan);
    expect(Object.keys(texts)).toEqual(['/var/lib/rpmmanifest', MANIFEST]);
    const release = Buffer.from((await source.readFiles(['/etc/os-release']))[0] ?? '').toString();
    const read = await readInventory(
      memorySource({ '/etc/os-release': release, [MANIFEST]: texts[MANIFEST] }),
    );
    const before = (await readInventory(source)).packages.filter(({ name }) => name === 'hello-keepset');
    expect(before).toHaveLength(1);
    expect(read.packages).toEqual(before.map((each) => ({ ...each, licenses: [], database: MANIFEST })));
  });

  it('a text that the source has stays whole: it does not tell of files', async () => {
    const line = 'bash\t5.1-1\t1\t1\tVendor\t(none)\t1\tx86_64\t0\tbash-5.1-1.src.rpm\n';
    const plan = await planOf(memorySource({ [MANIFEST]: line, '/bin/x': 'x' }), ['/bin/x']);
    expect([...plan.kept.keys()]).toEqual([MANIFEST]);
  });
});

it('Python: METADATA as it is, RECORD of what is left, whatever its names look like', async () => {
  const site = '/usr/lib/python3/dist-packages';
  const source = memorySource({
    [`${site}/a-1.dist-info/METADATA`]: 'Name: a\nVersion: 1\n',
    [`${site}/a-1.dist-info/WHEEL`]: 'x',
    [`${site}/a-1.dist-info/RECORD`]: `a/one.py,sha256=x,1\n"a/with,comma.py",,\na/gone.py,,\n../../../bin/a,,\na-1.dist-info/METADATA,,\na-1.dist-info/WHEEL,,\na-1.dist-info/RECORD,,\n`,
    [`${site}/a/one.py`]: 'x',
    [`${site}/a/with,comma.py`]: 'x',
    [`${site}/a/gone.py`]: 'x',
    '/usr/bin/a': 'x',
  });
  const plan = await planOf(source, [`${site}/a/one.py`, `${site}/a/with,comma.py`, '/usr/bin/a']);
  expect([...plan.kept]).toEqual([[`${site}/a-1.dist-info/METADATA`, 'pkg:pypi/a@1']]);
  expect(textsOf(plan)[`${site}/a-1.dist-info/RECORD`]).toBe(
    `a/one.py,sha256=x,1\n"a/with,comma.py",,\n../../../bin/a,,\na-1.dist-info/METADATA,,\na-1.dist-info/RECORD,,\n`,
  );
  const met = await planOf(source, [`${site}/a/one.py`, `${site}/a-1.dist-info/RECORD`]);
  expect(met.generated).toEqual([]);
});

it.each([
  [
    'R',
    '/lib/R/a/DESCRIPTION',
    'Package: a\nVersion: 1\n',
    ['/lib/R/a/Meta/package.rds', '/lib/R/a/R/a.rdb'],
  ],
  ['npm', '/srv/node_modules/a/package.json', '{"name":"a","version":"1"}', ['/srv/node_modules/a/index.js']],
  ['conda', '/opt/conda-meta/a-1.json', '{"name":"a","version":"1","files":["bin/a"]}', ['/opt/bin/a']],
  ['gem', '/g/specifications/a-1.gemspec', '\n# stub: a 1 ruby lib\n', ['/g/gems/a-1/lib/a.rb']],
])(
  '%s: a file of its own for each package, while something else of it is left',
  async (_, own, text, files) => {
    const source = memorySource({ [own]: text, ...Object.fromEntries(files.map((path) => [path, 'x'])) });
    expect([...(await planOf(source, files)).kept.keys()]).toEqual([own]);
    expect([...(await planOf(source, [])).kept.keys()]).toEqual([]);
    expect([...(await planOf(source, [], { policy: 'all' })).kept.keys()]).toEqual([own]);
  },
);

it('all: every database as it is, but for what is left already', async () => {
  const plan = await planOf(debian, ['/var/lib/dpkg/status'], { policy: 'all' });
  expect(plan.generated).toEqual([]);
  expect([...plan.kept.keys()]).toEqual([
    '/var/lib/dpkg/diversions',
    `${INFO}/one.list`,
    `${INFO}/one.md5sums`,
    `${INFO}/two.list`,
  ]);
});
