import { expect, it } from 'vitest';
import { optionGroup } from '../options/option.js';
import { OUTPUT_OPTIONS } from '../options/output-options.js';
import { valuesOf } from '../options/values-of.test-helper.js';
import { parseOutput, toOutputArguments } from './to-output-arguments.js';

const OPTIONS = optionGroup('Options', {
  ...OUTPUT_OPTIONS.options,
  json: { type: 'flag', description: '' },
});

it.each([
  ['type=oci,dest=a.tar', { type: 'oci', destination: 'a.tar', compression: 'none', asFolder: false }],
  [
    'type=oci,dest=folder,tar=false',
    { type: 'oci', destination: 'folder', compression: 'none', asFolder: true },
  ],
  [
    'dest=a.tgz,type=tar,compression=gzip',
    { type: 'tar', destination: 'a.tgz', compression: 'gzip', asFolder: false },
  ],
  [
    '"dest=a, b.tar",type=docker',
    { type: 'docker', destination: 'a, b.tar', compression: 'none', asFolder: false },
  ],
  ['type=tar,dest=-', { type: 'tar', destination: '-', compression: 'none', asFolder: false }],
  ['-', { type: 'tar', destination: '-', compression: 'none', asFolder: false }],
  ['./out', { type: 'local', destination: './out', compression: 'none', asFolder: false }],
  [
    'type=registry,ref=host:5000/a:1,compression=zstd',
    { type: 'registry', destination: 'host:5000/a:1', compression: 'zstd', asFolder: false },
  ],
  [
    'type=oci,dest=a.tar,compression=estargz',
    { type: 'oci', destination: 'a.tar', compression: 'estargz', asFolder: false },
  ],
  ['type=docker', undefined],
])('-o %s', (text, expected) => {
  expect(parseOutput(text, 'none')).toEqual(expected);
});

it('--compression holds where -o does not say so itself', () => {
  const { outputs } = toOutputArguments(
    valuesOf(OPTIONS, {
      compression: 'zstd',
      output: ['type=oci,dest=one', 'type=tar,dest=two,compression=none'],
    }),
  );
  expect(outputs.map(({ compression }) => compression)).toEqual(['zstd', 'none']);
});

it.each([
  ['type=zip,dest=a', /no type 'zip'/],
  ['dest=a', /type is missing/],
  ['type=oci', /dest is missing/],
  ['type=oci,dest=', /dest is missing/],
  ['type=oci,dest=a,compression=lz4', /no compression 'lz4'/],
  ['type=local,dest=a,compression=gzip', /not compressed/],
  ['type=docker,dest=a,compression=zstdchunked', /not compressed/],
  ['type=tar,dest=a,compression=estargz', /estargz is for type oci/],
  ['type=oci,dest=a,name=x', /unknown field 'name'/],
  ['type=oci,a', /'a' is not NAME=VALUE/],
  ['type=tar,dest=a,tar=false', /for type oci/],
  ['type=local,dest=-', /standard output/],
  ['type=registry,dest=a', /takes no dest/],
  ['type=registry', /ref is missing/],
  ['type=registry,ref=-', /standard output/],
  ['type=oci,dest=a,ref=b', /takes no ref/],
])('-o %s is a usage error', (text, message) => {
  expect(() => parseOutput(text, 'none')).toThrow(message);
});

it.each<[Parameters<typeof valuesOf>[1], RegExp]>([
  [{ output: ['-', 'type=oci,dest=-'] }, /only one/],
  [{ output: ['-'], json: true }, /for itself/],
  [{ output: ['type=tar,dest=/no/such/folder/a.tar'] }, /cannot write \/no\/such/],
  [{ output: ['-'], compression: 'zstdchunked' }, /zstdchunked is for type oci/],
  [{ push: true }, /needs a name/],
  [{ iidfile: '/no/such/folder/id' }, /--iidfile: cannot write/],
])('%j is a usage error', (options, message) => {
  expect(() => toOutputArguments(valuesOf(OPTIONS, options))).toThrow(message);
});
