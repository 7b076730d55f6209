import { describe, expect, it } from 'vitest';
import type { InstalledPackage } from '../installed-package.js';
import type { OsvRecord } from './osv.js';
import { type PackageQuery, parseQuery } from './parse-query.js';

const base: InstalledPackage = {
  ecosystem: 'npm',
  name: 'lodash',
  version: '4.17.20',
  licenses: [],
  purl: 'pkg:npm/lodash@4.17.20',
  database: '/x/package.json',
};
const libssl: InstalledPackage = {
  ...base,
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1+b1',
  sourcePackage: { name: 'openssl', version: '3.0.11-1' },
};
const ggplot2: InstalledPackage = { ...base, ecosystem: 'r', name: 'ggplot2', version: '3.4.1' };
const scoped: InstalledPackage = { ...base, name: '@scope/inner', version: '1.0.0' };
const pillow: InstalledPackage = { ...base, ecosystem: 'pypi', name: 'Pillow', version: '9.4.0' };
const withoutRules: InstalledPackage = { ...base, ecosystem: 'conda', name: 'numpy', version: '1.26.4' };

const jar: InstalledPackage = { ...base, ecosystem: 'java', name: 'org.keepset:greeter', version: '2.0.1' };
const goModule: InstalledPackage = { ...base, ecosystem: 'go', name: 'golang.org/x/net', version: 'v0.1.0' };
const crate: InstalledPackage = { ...base, ecosystem: 'rust', name: 'libc', version: '0.2.150' };
const perlModule: InstalledPackage = { ...base, ecosystem: 'perl', name: 'Foo::Bar', version: '1.02' };

it.each<[query: string, verdict: string, each: InstalledPackage]>([
  ['lodash', 'affected', base],
  ['npm:lodash', 'affected', base],
  ['deb:lodash', 'unaffected', base],
  ['lodas', 'unaffected', base],
  ['pkg:npm/lodash', 'affected', base],
  ['pkg:npm/lodash@4.17.20', 'affected', base],
  ['pkg:npm/lodash@4.17.19', 'unaffected', base],
  ['pkg:npm/lodash@<4.17.21', 'affected', base],
  ['pkg:npm/lodash@>=4.0.0,<4.17.20', 'unaffected', base],
  ['pkg:npm/lodash@<1|>=4.17,<5', 'unknown', base],
  ['pkg:npm/lodash@<1.0.0|>=4.17.0,<5.0.0', 'affected', base],
  ['pkg:npm/lodash@!=4.17.20', 'unaffected', base],
  ['pkg:npm/%40scope/inner@1.0.0', 'affected', scoped],
  ['@scope/inner', 'affected', scoped],
  ['openssl', 'affected', libssl],
  ['pkg:deb/debian/openssl@<=3.0.11-1', 'affected', libssl],
  ['pkg:deb/debian/libssl3@<=3.0.11-1', 'unaffected', libssl],
  ['pkg:deb/ubuntu/openssl', 'unaffected', libssl],
  ['pkg:deb/debian/openssl@<9?arch=amd64', 'affected', libssl],
  ['pkg:cran/ggplot2@<3.5', 'affected', ggplot2],
  ['pkg:pypi/pillow@<9.4', 'unaffected', pillow],
  ['pkg:pypi/pillow@<9.4.1', 'affected', pillow],
  ['pkg:conda/numpy@<2', 'unknown', withoutRules],
  ['pkg:maven/org.keepset/greeter', 'affected', jar],
  ['pkg:maven/org.other/greeter', 'unaffected', jar],
  ['pkg:maven/org.keepset/greeter@<3', 'unknown', jar],
  ['pkg:golang/golang.org/x/net@<0.2.0', 'affected', goModule],
  ['pkg:golang/golang.org/x/net@<v0.1.0', 'unaffected', goModule],
  ['golang.org/x/net', 'affected', goModule],
  ['pkg:cargo/libc@<0.2.151', 'affected', crate],
  ['pkg:cpan/Foo::Bar@1.02', 'affected', perlModule],
  ['Foo::Bar', 'affected', perlModule],
])('%s: %s', (text, verdict, each) => {
  const query = parseQuery(text, []) as PackageQuery;
  expect(query.kind).toBe('packages');
  expect(query.judge(each, { id: 'debian', versionId: '12' })).toBe(verdict);
});

it('tells paths and sonames from names', () => {
  expect(parseQuery('/usr/bin/x', [])).toMatchObject({ kind: 'path', path: '/usr/bin/x' });
  expect(parseQuery('libssl.so.3', [])).toMatchObject({ kind: 'soname', name: 'libssl.so.3' });
});

describe('advisories', () => {
  const affected = [
    {
      package: { ecosystem: 'npm', name: 'lodash' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
    },
  ];
  const records: OsvRecord[] = [
    { id: 'GHSA-35jh-r3h4-6jhm', aliases: ['CVE-2021-23337'], affected },
    { id: 'CVE-2000-0001', withdrawn: '2001-01-01T00:00:00Z', affected },
  ];

  it.each(['A'.repeat(64), `sha256:${'a'.repeat(64)}`])('%s asks for a content', (text) => {
    expect(parseQuery(text, records)).toEqual({ kind: 'content', text, sha256: 'a'.repeat(64) });
  });

  it('are found by any of their ids', () => {
    const query = parseQuery('CVE-2021-23337', records) as PackageQuery;
    expect(query.names).toEqual(['lodash']);
    expect(query.judge(base, {})).toBe('affected');
    expect(query.judge({ ...base, version: '4.17.21' }, {})).toBe('unaffected');
  });

  it.each<[string, RegExp]>([
    ['CVE-2099-1234', /no record of CVE-2099-1234/],
    ['RHSA-2024:1234', /no record of RHSA/],
    ['CVE-2000-0001', /withdrawn on 2001-01-01/],
    ['pkg:npm', /no PURL/],
    ['pkg:npm/a@<', /no PURL: '<' is no version/],
    ['pkg:swift/a/b', /type swift/],
    ['nothing:x', /no id, PURL/],
    ['a b', /no id, PURL/],
  ])('%s is refused', (text, message) => {
    expect(() => parseQuery(text, records)).toThrow(message);
  });
});
