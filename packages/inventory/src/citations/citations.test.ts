// @ts-expect-error  it has no types
import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-cff';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { InstalledPackage } from '../installed-package.js';
import { toBibtex } from './citation-bibtex.js';
import { toCff } from './citation-cff.js';
import { toCitationText } from './citation-text.js';
import { type CitationContents, toCitations } from './citations.js';

const base: InstalledPackage = {
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1',
  sourcePackage: { name: 'openssl', version: '3.0.11-1' },
  licenses: [],
  purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
  database: '/var/lib/dpkg/status',
};
const ggplot2: InstalledPackage = {
  ecosystem: 'r',
  name: 'ggplot2',
  version: '3.4.1',
  licenses: [],
  purl: 'pkg:cran/ggplot2@3.4.1',
  database: '/usr/lib/R/site-library/ggplot2/DESCRIPTION',
};
const SHARED = '/usr/lib/R/site-library/ggplot2/R/ggplot2.rdb';
const contents: CitationContents = {
  runs: [{ name: 'main', command: "Rscript -e 'plot(1)'" }],
  image: { name: 'small:1', digest: `sha256:${'0'.repeat(64)}` },
  system: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  used: [
    { package: base, paths: ['/usr/lib/libssl.so.3'] },
    {
      package: { ...base, name: 'openssl', purl: 'pkg:deb/debian/openssl@3.0.11-1' },
      paths: ['/usr/bin/openssl'],
    },
    { package: { ...base, name: 'r-cran-ggplot2', sourcePackage: { name: 'ggplot2' } }, paths: [SHARED] },
    { package: ggplot2, paths: [SHARED] },
    {
      package: {
        ...ggplot2,
        ecosystem: 'npm',
        name: '@a/b_c',
        version: '1.10',
        purl: 'pkg:npm/%40a/b_c@1.10',
      },
      paths: ['/app/node_modules/@a/b_c/index.js'],
    },
    {
      package: {
        ...ggplot2,
        ecosystem: 'go',
        name: 'example.org/own',
        version: '',
        purl: 'pkg:golang/example.org/own',
      },
      paths: ['/usr/local/bin/own'],
    },
  ],
  unownedFiles: 1,
};

const WANTED = [
  ['deb', 'openssl', '3.0.11-1'],
  ['go', 'example.org/own', ''],
  ['npm', '@a/b_c', '1.10'],
  ['r', 'ggplot2', '3.4.1'],
];

it('tells a distribution’s packages as what they were built from, and none that only brought another', () => {
  const citations = toCitations(contents);
  expect(citations.map(({ ecosystem, name, version }) => [ecosystem, name, version])).toEqual(WANTED);
  expect(citations[0]?.purls).toEqual([
    'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
    'pkg:deb/debian/openssl@3.0.11-1',
  ]);
  // One more file, that is its own, and it is used for itself.
  const [, , brought] = contents.used;
  const used = [
    { ...brought, package: brought?.package ?? base, paths: [SHARED, '/usr/share/doc/x'] },
    ...contents.used.slice(3),
  ];
  expect(toCitations({ used }).map(({ ecosystem }) => ecosystem)).toEqual(['deb', 'go', 'npm', 'r']);
});

it('text: sentences for the methods section', () => {
  expect(toCitationText(contents)).toBe(
    `Software used by main (Rscript -e 'plot(1)') in small:1 (sha256:${'0'.repeat(64)}), Debian GNU/Linux 12 (bookworm).

Debian package: openssl 3.0.11-1.

R package: ggplot2 3.4.1.

npm package: @a/b_c 1.10.

Go module: example.org/own.

1 used file belongs to no package, and is not cited.
`,
  );
  const two = contents.used.map((each) => ({
    ...each,
    package: { ...each.package, ecosystem: 'java' as const },
  }));
  expect(toCitationText({ ...contents, used: two, unownedFiles: 0 })).toMatch(/^Java libraries: [^.]/m);
});

describe('BibTeX', () => {
  it('is read by others as what it was', () => {
    const { data } = new Cite(toBibtex(contents));
    expect(data.map(({ title, version }: Record<string, string>) => [title, version])).toEqual(
      WANTED.map(([, name, version]) => [name, version || undefined]),
    );
    expect(new Set(data.map(({ id }: { id: string }) => id)).size).toBe(WANTED.length);
  });

  it('has keys of their own, where names differ in signs or case only', () => {
    const named = (name: string) => ({
      package: { ...ggplot2, name, purl: `pkg:cran/${name}` },
      paths: ['/x'],
    });
    const text = toBibtex({ ...contents, used: ['a_b', 'a-b', 'A-b', 'a~b\\{'].map(named) });
    expect([...text.matchAll(/^@misc\{(.*),$/gm)].map(([, key]) => key).sort()).toEqual(
      ['r-A-b-3.4.1', 'r-a-b-3.4.1-2', 'r-a-b-3.4.1-3', 'r-a-b--3.4.1'].sort(),
    );
    expect(text).toContain('{a\\textasciitilde{}b\\textbackslash{}\\textbraceleft{}}');
  });
});

describe('CFF', () => {
  it('has what the format asks for, and versions are texts', async () => {
    const cff = parse(await toCff(contents));
    expect(cff).toMatchObject({ 'cff-version': '1.2.0', message: expect.any(String), type: 'software' });
    expect(cff.title).toBe('Software used by main in small:1');
    for (const each of [cff, ...cff.references]) {
      expect(each.authors).toEqual([{ name: expect.stringMatching(/./) }]);
      expect(each.title).toMatch(/./);
      expect(each.type).toBe('software');
      for (const { type, value } of each.identifiers)
        expect([type, typeof value]).toEqual(['other', 'string']);
    }
    expect(cff.references.map(({ title, version }: Record<string, unknown>) => [title, version])).toEqual(
      WANTED.map(([, name, version]) => [name, version || undefined]),
    );
    expect(parse(await toCff({ ...contents, used: [] }))).not.toHaveProperty('references');
  });

  it('is read by others', async () => {
    const titles = new Cite(await toCff(contents)).data.map(({ title }: { title: string }) => title);
    expect(titles).toContain('Software used by main in small:1');
  });
});
