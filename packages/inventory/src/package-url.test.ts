import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { expect, it } from 'vitest';
import { packageUrl } from './package-url.js';

it.each([
  [{ type: 'npm', name: 'a', version: '1' }, 'pkg:npm/a@1'],
  [{ type: 'npm', name: '', version: '1' }, 'pkg:generic/unnamed@1'],
  [{ type: 'deb', name: '\t', version: '1' }, 'pkg:generic/unnamed@1'],
  [{ type: 'cpan', name: 'A/B', version: '' }, /^pkg:/],
  [{ type: 'npm', name: '\ud800', version: '\n' }, 'pkg:generic/%EF%BF%BD@%0A'],
])('%j', (parts, expected) => {
  expect(packageUrl(parts)).toEqual(
    typeof expected === 'string' ? expected : expect.stringMatching(expected),
  );
});

it('whatever a package is called, it has a PURL of one line', () => {
  const text = fc.string({ unit: 'binary' });
  const type = fc.constantFrom(
    'deb',
    'apk',
    'rpm',
    'pypi',
    'cran',
    'npm',
    'gem',
    'maven',
    'golang',
    'cargo',
    'cpan',
    'oci',
  );
  fc.assert(
    fc.property(type, text, text, text, (type, namespace, name, version) => {
      const purl = packageUrl({ type, namespace, name, version });
      expect(purl).toMatch(/^pkg:[\x21-\x7e]+$/);
      expect(PackageURL.fromString(purl).type).toMatch(/^[a-z]+$/);
    }),
  );
});
