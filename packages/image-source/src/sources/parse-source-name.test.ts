import { expect, it } from 'vitest';
import { parseSourceName, type SourceName } from './parse-source-name.js';

it.each<[string, SourceName]>([
  ['debian:12', { transport: 'docker-daemon', name: 'debian:12' }],
  ['docker:dind', { transport: 'docker-daemon', name: 'docker:dind' }],
  ['localhost:5000/a:b', { transport: 'docker-daemon', name: 'localhost:5000/a:b' }],
  ['ocitools:1', { transport: 'docker-daemon', name: 'ocitools:1' }],
  ['dir:1', { transport: 'docker-daemon', name: 'dir:1' }],
  ['name:1@sha256:0', { transport: 'docker-daemon', name: 'name:1@sha256:0' }],
  ['docker-daemon:oci:1', { transport: 'docker-daemon', name: 'oci:1' }],
  ['docker://debian', { transport: 'docker', name: 'debian' }],
  ['docker://localhost:5000/a/b:1@sha256:0', { transport: 'docker', name: 'localhost:5000/a/b:1@sha256:0' }],
  ['oci:layout', { transport: 'oci', path: 'layout', tag: undefined }],
  ['oci:/a/b c:1.0', { transport: 'oci', path: '/a/b c', tag: '1.0' }],
  ['oci-archive:a.tar', { transport: 'oci-archive', path: 'a.tar', tag: undefined }],
  ['docker-archive:a.tar:debian:12', { transport: 'docker-archive', path: 'a.tar', tag: 'debian:12' }],
])('%s', (text, name) => {
  expect(parseSourceName(text)).toEqual(name);
});

it.each([
  ['', 'docker-daemon:NAME'],
  ['docker-daemon:', 'docker-daemon:NAME'],
  ['docker://', 'docker://'],
  ['docker:///a', 'docker://'],
  ['docker:/a', 'docker://'],
  ['oci:', 'oci:FOLDER'],
  ['oci::1', 'oci:FOLDER'],
  ['oci:a:', 'oci:FOLDER'],
  ['oci-archive:', 'oci-archive:FILE'],
  ['docker-archive::a', 'docker-archive:FILE'],
  ['containers-storage:a', 'skopeo copy'],
  ['dir:/a', 'skopeo copy'],
  ['oic:layout:1.0', 'oci:FOLDER'],
  ['oci-layout:./a', 'oci:FOLDER'],
  ['https://localhost:5000/a', 'docker://'],
])("'%s' is refused, and the hint says %s", (text, hint) => {
  expect(() => parseSourceName(text)).toThrow(
    expect.objectContaining({ code: 'SOURCE_BAD_REFERENCE', hint: expect.stringContaining(hint) }),
  );
});
