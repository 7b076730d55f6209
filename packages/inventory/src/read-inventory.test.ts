import { describe, expect, it } from 'vitest';
import { toBytes } from './package-reader.js';
import { readInventory } from './read-inventory.js';
import { filesByPackage, folderSource, memorySource } from './test-source.test-helper.js';

const DEBIAN = { '/etc/os-release': 'PRETTY_NAME="Debian \\"12\\""\nID=debian\nVERSION_ID="12"\n' };
const INFO = '/var/lib/dpkg/info';

function status(...paragraphs: Record<string, string>[]): string {
  return paragraphs
    .map((fields) =>
      Object.entries(fields)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    )
    .join('\n');
}

const INSTALLED = { Status: 'install ok installed', Architecture: 'amd64' };

describe('dpkg', () => {
  it('knows packages by their status, lists by name and by architecture', async () => {
    const inventory = await readInventory(
      memorySource({
        ...DEBIAN,
        '/var/lib/dpkg/status': status(
          { Package: 'one', ...INSTALLED, Version: '1:2.0-1+b1', Source: 'uno (1:2.0-1)' },
          { Package: 'two', ...INSTALLED, Version: '3' },
          { Package: 'gone', Status: 'deinstall ok config-files', Version: '1', Architecture: 'all' },
          { Package: 'broken', ...INSTALLED },
        ),
        [`${INFO}/one.list`]: '/.\n/usr\n/usr/bin\n/usr/bin/one\n/usr/bin/not-there\n',
        [`${INFO}/two:amd64.list`]: '/usr/bin/two\n/usr/bin/one\n',
        [`${INFO}/gone.list`]: '/etc/gone\n',
        '/etc/gone': '',
        '/usr/bin/one': 'xx',
        '/usr/bin/two': '-> one',
        '/usr/bin/own': 'xxx',
      }),
    );
    const [one, two] = [
      'pkg:deb/debian/one@1:2.0-1+b1?arch=amd64&distro=debian-12',
      'pkg:deb/debian/two@3?arch=amd64&distro=debian-12',
    ];
    expect(filesByPackage(inventory)).toEqual({
      [one]: ['/usr/bin/one'],
      [two]: ['/usr/bin/one', '/usr/bin/two'],
    });
    expect(inventory.packages[0]?.sourcePackage).toEqual({ name: 'uno', version: '1:2.0-1' });
    expect(inventory.packages[1]?.sourcePackage).toEqual({ name: 'two', version: '3' });
    expect(inventory.system.prettyName).toBe('Debian "12"');
    expect(inventory.unowned.files).toBe(7);
    expect(inventory.warnings).toEqual([
      { path: '/var/lib/dpkg/status', message: 'an entry without version: broken' },
    ]);
  });

  it('follows merged /usr, and diversions but for the package that made them', async () => {
    const inventory = await readInventory(
      memorySource({
        '/bin': '-> usr/bin',
        '/usr/bin/sh': '-> dash',
        '/usr/bin/dash': 'x',
        '/usr/bin/tool': 'x',
        '/usr/bin/tool.real': 'x',
        '/var/lib/dpkg/diversions': '/usr/bin/tool\n/usr/bin/tool.real\nwrapper\n',
        '/var/lib/dpkg/status': status(
          { Package: 'dash', ...INSTALLED, Version: '1' },
          { Package: 'tool', ...INSTALLED, Version: '1' },
          { Package: 'wrapper', ...INSTALLED, Version: '1' },
        ),
        [`${INFO}/dash.list`]: '/bin\n/bin/sh\n/bin/dash\n',
        [`${INFO}/tool.list`]: '/usr/bin/tool\n',
        [`${INFO}/wrapper.list`]: '/usr/bin/tool\n',
      }),
    );
    expect(filesByPackage(inventory)).toEqual({
      // The link /bin is in its list as well: a folder when it was packed.
      'pkg:deb/debian/dash@1?arch=amd64': ['/usr/bin/dash', '/usr/bin/sh'],
      'pkg:deb/debian/tool@1?arch=amd64': ['/usr/bin/tool.real'],
      'pkg:deb/debian/wrapper@1?arch=amd64': ['/usr/bin/tool'],
    });
  });

  it('reads status.d, of which the md5sums are the list', async () => {
    const sum = 'd41d8cd98f00b204e9800998ecf8427e';
    const inventory = await readInventory(
      memorySource({
        '/var/lib/dpkg/status.d/base': status({
          Package: 'base',
          Version: '1',
          Architecture: 'all',
          Conffiles: `\n /etc/base.conf ${sum}`,
        }),
        '/var/lib/dpkg/status.d/base.md5sums': `${sum}  ./usr/share/base\n${sum}  usr/share/more\n`,
        '/usr/share/base': '',
        '/usr/share/more': '',
        '/etc/base.conf': '',
      }),
    );
    expect(filesByPackage(inventory)).toEqual({
      'pkg:deb/debian/base@1?arch=all': ['/etc/base.conf', '/usr/share/base', '/usr/share/more'],
    });
  });
});

it('apk: folders and their files, in the root too', async () => {
  const inventory = await readInventory(
    memorySource({
      '/etc/os-release': 'ID=alpine\nVERSION_ID=3.19.1\n',
      '/lib/apk/db/installed': `C:Q1sum=\nP:musl\nV:1.2.4_git20230717-r4\nA:x86_64\nL:MIT\no:musl-origin\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1sum=\nR:libc.musl-x86_64.so.1\nF:\nR:at-root\n\nP:empty\nV:1\n\nV:2\n`,
      '/lib/ld-musl-x86_64.so.1': 'x',
      '/lib/libc.musl-x86_64.so.1': '-> ld-musl-x86_64.so.1',
      '/at-root': '',
    }),
  );
  const purl = 'pkg:apk/alpine/musl@1.2.4_git20230717-r4?arch=x86_64&distro=alpine-3.19.1';
  expect(filesByPackage(inventory)).toEqual({
    'pkg:apk/alpine/empty@1?distro=alpine-3.19.1': [],
    [purl]: ['/at-root', '/lib/ld-musl-x86_64.so.1', '/lib/libc.musl-x86_64.so.1'],
  });
  expect(inventory.packages[1]).toMatchObject({ licenses: ['MIT'], sourcePackage: { name: 'musl-origin' } });
  expect(inventory.warnings).toEqual([{ path: '/lib/apk/db/installed', message: 'an entry without name' }]);
});

describe('rpm', () => {
  it('reads a database that rpm made', async () => {
    const inventory = await readInventory(await folderSource('rpm'));
    const [hello, data] = [
      'pkg:rpm/fedora/hello-keepset@1.2-3?arch=noarch&distro=fedora-40&epoch=1',
      'pkg:rpm/fedora/hello-keepset-data@1.2-3?arch=noarch&distro=fedora-40&epoch=1',
    ];
    expect(filesByPackage(inventory)).toEqual({
      [data]: ['/usr/share/hello/data.txt', '/usr/share/hello/link'],
      [hello]: ['/usr/bin/hello'],
    });
    expect(inventory.packages.find(({ purl }) => purl === hello)).toMatchObject({
      version: '1:1.2-3',
      licenses: ['MIT'],
      sourcePackage: { name: 'hello-keepset', version: '1.2-3' },
    });
    expect(inventory.warnings).toEqual([]);
  });

  it('reads the text manifest as rpm -qa prints it', async () => {
    const path = '/var/lib/rpmmanifest/container-manifest-2';
    const line =
      'glibc\t2.35-2.cm2\t1\t2\tMicrosoft Corporation\t(none)\t9\tx86_64\t0\tglibc-2.35-2.cm2.src.rpm';
    const inventory = await readInventory(memorySource({ [path]: `${line}\nnonsense\n` }));
    expect(inventory.packages).toEqual([
      {
        ecosystem: 'rpm',
        name: 'glibc',
        version: '2.35-2.cm2',
        architecture: 'x86_64',
        sourcePackage: { name: 'glibc', version: '2.35-2.cm2' },
        origin: 'Microsoft Corporation',
        licenses: [],
        purl: 'pkg:rpm/rpm/glibc@2.35-2.cm2?arch=x86_64',
        database: path,
      },
    ]);
    expect(inventory.warnings).toEqual([{ path, message: 'line 2 is no package' }]);
  });

  it.each([
    ['/var/lib/rpm/rpmdb.sqlite', /not understood/],
    ['/var/lib/rpm/Packages', /older than sqlite/],
    ['/usr/lib/sysimage/rpm/Packages.db', /older than sqlite/],
    ['/var/lib/rpm/rpmdb.sqlite-wal', /not closed/],
  ])('tells that %s was not read', async (path, message) => {
    const { packages, warnings } = await readInventory(memorySource({ [path]: 'x'.repeat(5000) }));
    expect(packages).toEqual([]);
    expect(warnings).toEqual([{ path, message: expect.stringMatching(message) }]);
  });
});

const SITE = '/usr/lib/python3/dist-packages';

describe('Python', () => {
  it('takes RECORD at its word, and what was compiled with its source', async () => {
    const inventory = await readInventory(
      memorySource({
        [`${SITE}/my_pkg-1.0.dist-info/METADATA`]: 'Name: My.Pkg\nVersion: 1.0\nLicense: MIT\n\nName: no\n',
        [`${SITE}/my_pkg-1.0.dist-info/RECORD`]:
          'my_pkg/__init__.py,sha256=x,1\r\n"my_pkg/a,""b"".py",,\r\n../../../bin/my,,\r\nmy_pkg-1.0.dist-info/RECORD,,\r\n/etc/my.conf,,\r\n',
        [`${SITE}/my_pkg/__init__.py`]: '',
        [`${SITE}/my_pkg/a,"b".py`]: '',
        [`${SITE}/my_pkg/not-recorded`]: '',
        [`${SITE}/my_pkg/__pycache__/__init__.cpython-311.pyc`]: '',
        [`${SITE}/my_pkg/__pycache__/__init__.cpython-311.opt-1.pyc`]: '',
        [`${SITE}/my_pkg/__pycache__/other.cpython-311.pyc`]: '',
        '/usr/bin/my': '',
        '/etc/my.conf': '',
      }),
    );
    expect(filesByPackage(inventory)).toEqual({
      'pkg:pypi/my.pkg@1.0': [
        '/etc/my.conf',
        '/usr/bin/my',
        `${SITE}/my_pkg-1.0.dist-info/RECORD`,
        `${SITE}/my_pkg/__init__.py`,
        `${SITE}/my_pkg/__pycache__/__init__.cpython-311.opt-1.pyc`,
        `${SITE}/my_pkg/__pycache__/__init__.cpython-311.pyc`,
        `${SITE}/my_pkg/a,"b".py`,
      ],
    });
    expect(inventory.packages[0]?.licenses).toEqual(['MIT']);
  });

  it('reads the three kinds of egg-info', async () => {
    const facts = (name: string) => `Metadata-Version: 1.2\nName: ${name}\nVersion: 2\nLicense: UNKNOWN\n`;
    const inventory = await readInventory(
      memorySource({
        [`${SITE}/top-2.egg-info/PKG-INFO`]: facts('top'),
        [`${SITE}/top-2.egg-info/top_level.txt`]: 'top\n_top\nsingle\n',
        [`${SITE}/top/below/x.py`]: '',
        [`${SITE}/_top.cpython-311-x86_64-linux-gnu.so`]: '',
        [`${SITE}/single.py`]: '',
        [`${SITE}/singles.py`]: '',
        [`${SITE}/listed-2.egg-info/PKG-INFO`]: facts('listed'),
        [`${SITE}/listed-2.egg-info/installed-files.txt`]: '../listed/x.py\nPKG-INFO\n',
        [`${SITE}/listed/x.py`]: '',
        [`${SITE}/old-2.egg-info`]: facts('old'),
        [`${SITE}/broken-2.egg-info`]: 'nothing',
      }),
    );
    expect(filesByPackage(inventory)).toEqual({
      'pkg:pypi/listed@2': [`${SITE}/listed-2.egg-info/PKG-INFO`, `${SITE}/listed/x.py`],
      'pkg:pypi/old@2': [`${SITE}/old-2.egg-info`],
      'pkg:pypi/top@2': [
        `${SITE}/_top.cpython-311-x86_64-linux-gnu.so`,
        `${SITE}/single.py`,
        `${SITE}/top-2.egg-info/PKG-INFO`,
        `${SITE}/top-2.egg-info/top_level.txt`,
        `${SITE}/top/below/x.py`,
      ],
    });
    expect(inventory.packages.every(({ licenses }) => licenses.length === 0)).toBe(true);
    expect(inventory.warnings).toEqual([
      { path: `${SITE}/broken-2.egg-info`, message: 'no name and version of a Python distribution' },
    ]);
  });
});

it('conda: files from the environment’s folder, with a name that is no ASCII', async () => {
  const record = {
    name: 'numpy',
    version: '1.26.4',
    build: 'py312h_0',
    subdir: 'linux-64',
    channel: 'https://conda.example/conda-forge/linux-64',
    license: 'BSD-3-Clause',
    files: ['lib/libé.so', 'bin/f2py'],
  };
  const inventory = await readInventory(
    memorySource({
      '/opt/conda/conda-meta/numpy-1.26.4-py312h_0.json': toBytes(JSON.stringify(record)),
      '/opt/conda/conda-meta/bad.json': '[1]',
      '/opt/conda/lib/lib\xc3\xa9.so': '',
      '/opt/conda/bin/f2py': '',
      '/opt/conda/bin/other': '',
    }),
  );
  expect(filesByPackage(inventory)).toEqual({
    'pkg:conda/numpy@1.26.4?build=py312h_0&channel=conda-forge&subdir=linux-64': [
      '/opt/conda/bin/f2py',
      '/opt/conda/conda-meta/numpy-1.26.4-py312h_0.json',
      '/opt/conda/lib/lib\xc3\xa9.so',
    ],
  });
  expect(inventory.packages[0]).toMatchObject({ origin: 'conda-forge', licenses: ['BSD-3-Clause'] });
  expect(inventory.warnings).toEqual([
    { path: '/opt/conda/conda-meta/bad.json', message: 'no record of conda' },
  ]);
});

it('R: the folder of an installed package, not sources, nor any other DESCRIPTION', async () => {
  const library = '/usr/lib/R/library';
  const inventory = await readInventory(
    memorySource({
      [`${library}/stats/DESCRIPTION`]: 'Package: stats\nVersion: 4.2.2\nLicense: Part of R 4.2.2\n',
      [`${library}/stats/Meta/package.rds`]: '',
      [`${library}/stats/libs/stats.so`]: '',
      [`${library}/limma/DESCRIPTION`]:
        'Package: limma\nVersion: 3.54\nbiocViews: X,\n Y\nRepository: CRAN\n',
      [`${library}/limma/Meta/package.rds`]: '',
      '/src/mine/DESCRIPTION': 'Package: mine\nVersion: 1\n',
      '/usr/share/words/DESCRIPTION': 'no fields',
    }),
  );
  expect(filesByPackage(inventory)).toEqual({
    'pkg:bioconductor/limma@3.54': [`${library}/limma/DESCRIPTION`, `${library}/limma/Meta/package.rds`],
    'pkg:cran/stats@4.2.2': [
      `${library}/stats/DESCRIPTION`,
      `${library}/stats/Meta/package.rds`,
      `${library}/stats/libs/stats.so`,
    ],
  });
  expect(inventory.packages[0]?.origin).toBe('Bioconductor');
  expect(inventory.warnings).toEqual([]);
});

it('npm: nested packages have their own files, and a nameless package.json is none', async () => {
  const outer = '/app/node_modules/outer';
  const inventory = await readInventory(
    memorySource({
      '/app/package.json': '{"name":"app","version":"1.0.0"}',
      [`${outer}/package.json`]: '{"name":"outer","version":"1.0.0","license":"ISC"}',
      [`${outer}/index.js`]: '',
      [`${outer}/esm/package.json`]: '{"type":"module"}',
      [`${outer}/node_modules/@scope/inner/package.json`]: '{"name":"@scope/inner","version":"2.0.0-rc.1"}',
      [`${outer}/node_modules/@scope/inner/lib/a.js`]: '',
      '/app/node_modules/linked': '-> ../../src/linked',
      '/app/node_modules/broken/package.json': '{',
    }),
  );
  expect(filesByPackage(inventory)).toEqual({
    'pkg:npm/%40scope/inner@2.0.0-rc.1': [
      `${outer}/node_modules/@scope/inner/lib/a.js`,
      `${outer}/node_modules/@scope/inner/package.json`,
    ],
    'pkg:npm/outer@1.0.0': [`${outer}/esm/package.json`, `${outer}/index.js`, `${outer}/package.json`],
  });
  expect(inventory.warnings).toEqual([
    { path: '/app/node_modules/broken/package.json', message: 'not JSON' },
  ]);
});

it('gems: as RubyGems installed one', async () => {
  const inventory = await readInventory(await folderSource('gems'));
  const home = '/var/lib/gems/3.1.0';
  expect(filesByPackage(inventory)).toEqual({
    'pkg:gem/greeter@2.0.1': [
      `${home}/gems/greeter-2.0.1/lib/greeter.rb`,
      `${home}/specifications/greeter-2.0.1.gemspec`,
    ],
  });
  expect(inventory.packages[0]?.licenses).toEqual(['MIT']);
});

it('TeX Live: run files, relocated ones too, but not what is told of them', async () => {
  const root = '/usr/local/texlive/2024';
  const inventory = await readInventory(
    memorySource({
      [`${root}/tlpkg/texlive.tlpdb`]: `name 00texlive.config\nrevision 1\n\nname amsmath\ncategory Package\nrevision 63514\ncatalogue-version 2.17o\ncatalogue-license lppl1.3c\ndocfiles size=1\n RELOC/doc/latex/amsmath/amsldoc.pdf details="Readme" language="en"\nrunfiles size=2\n texmf-dist/tex/latex/amsmath/amsmath.sty\nexecute AddMap x\n`,
      [`${root}/texmf-dist/tex/latex/amsmath/amsmath.sty`]: '',
      [`${root}/texmf-dist/doc/latex/amsmath/amsldoc.pdf`]: '',
    }),
  );
  expect(filesByPackage(inventory)).toEqual({
    'pkg:generic/texlive/amsmath@2.17o': [
      `${root}/texmf-dist/doc/latex/amsmath/amsldoc.pdf`,
      `${root}/texmf-dist/tex/latex/amsmath/amsmath.sty`,
    ],
  });
});

describe('what the image may hold besides', () => {
  it('is no package at all', async () => {
    const { packages, owners, unowned, system, warnings } = await readInventory(
      memorySource({ '/a': '12345', '/b/c': '-> a' }),
    );
    expect({ packages, owners: owners.size, system, warnings }).toEqual({
      packages: [],
      owners: 0,
      system: {},
      warnings: [],
    });
    expect(unowned).toEqual({ files: 2, sizeBytes: 5 });
  });

  it('a database that cannot be read: told, and the others count', async () => {
    const { packages, warnings } = await readInventory(
      memorySource({
        '/var/lib/dpkg/status': undefined,
        '/x/node_modules/a/package.json': '{"name":"a","version":"1.0.0"}',
      }),
    );
    expect(packages.map(({ purl }) => purl)).toEqual(['pkg:npm/a@1.0.0']);
    expect(warnings).toEqual([{ path: '/var/lib/dpkg/status', message: 'cannot be read' }]);
  });

  it('a file of two ecosystems: both own it', async () => {
    const file = `${SITE}/six.py`;
    const inventory = await readInventory(
      memorySource({
        '/var/lib/dpkg/status': status({ Package: 'python3-six', ...INSTALLED, Version: '1.16-4' }),
        [`${INFO}/python3-six.list`]: `${file}\n`,
        [`${SITE}/six-1.16.dist-info/METADATA`]: 'Name: six\nVersion: 1.16\n',
        [`${SITE}/six-1.16.dist-info/RECORD`]: 'six.py,,\n',
        [file]: '',
      }),
    );
    expect(inventory.owners.get(file)?.map((index) => inventory.packages[index]?.name)).toEqual([
      'python3-six',
      'six',
    ]);
  });
});

it('npm: packages that npm installed, a bundled one apart from the one that bundles it', async () => {
  const inventory = await readInventory(await folderSource('npm'));
  const modules = '/srv/app/node_modules';
  expect(filesByPackage(inventory)).toEqual({
    'pkg:npm/%40keepset/greeter@3.1.0': [
      `${modules}/@keepset/greeter/lib/greet.js`,
      `${modules}/@keepset/greeter/package.json`,
    ],
    'pkg:npm/greeting@1.0.0': [
      `${modules}/@keepset/greeter/node_modules/greeting/index.js`,
      `${modules}/@keepset/greeter/node_modules/greeting/package.json`,
    ],
    'pkg:npm/greeting@2.0.0': [`${modules}/greeting/index.js`, `${modules}/greeting/package.json`],
  });
  // npm's own lists, the application's own file, and the link to a program are of no package.
  expect(inventory.unowned.files).toBe(4);
  expect(inventory.warnings).toEqual([]);
});
