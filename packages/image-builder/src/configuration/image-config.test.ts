import type { ImageDetails } from '@keepset/docker-engine';
import { describe, expect, it } from 'vitest';
import { toImageConfig } from './image-config.js';

const SOURCE: ImageDetails = {
  id: 'sha256:source',
  architecture: 'arm64',
  variant: 'v8',
  os: 'linux',
  author: 'someone',
  created: '2020-01-02T03:04:05Z',
  sizeBytes: 1,
  tags: ['a:b'],
  repositoryDigests: [],
  diffIds: [],
  layersByDiffId: true,
  config: {
    Env: ['PATH=/bin', 'A= b'],
    Cmd: ['a b', ''],
    Entrypoint: ['/e'],
    User: '1:2',
    WorkingDir: '/w',
    ExposedPorts: { '80/tcp': {} },
    Volumes: { '/v': {} },
    Labels: { 'a.b': 'c' },
    Healthcheck: { Test: ['CMD', 'x'] },
    StopSignal: 'SIGINT',
    OnBuild: ['RUN x'],
    Shell: ['/bin/bash', '-c'],
    ArgsEscaped: true,
    SomethingOfTheFuture: { deep: [1] },
  },
};
const FACTS = { layers: [{ diffId: 'sha256:layer' }], created: SOURCE.created, createdBy: 'keepset test' };

describe('the configuration of a result', () => {
  it("carries the source's whole, with what is not known here", () => {
    const config = JSON.parse(toImageConfig(SOURCE, FACTS));
    expect(config.config).toEqual(SOURCE.config);
    expect(config).toMatchObject({ architecture: 'arm64', variant: 'v8', os: 'linux', author: 'someone' });
  });

  it('has one layer and one entry of history', () => {
    const config = JSON.parse(toImageConfig(SOURCE, { ...FACTS, comment: 'from there' }));
    expect(config.rootfs).toEqual({ type: 'layers', diff_ids: ['sha256:layer'] });
    expect(config.history).toEqual([
      { created: SOURCE.created, created_by: 'keepset test', comment: 'from there' },
    ]);
  });

  it('is the same text each time', () => {
    expect(toImageConfig(SOURCE, FACTS)).toBe(toImageConfig(structuredClone(SOURCE), FACTS));
  });

  it('does not say where the source came from: names and digests would change the id', () => {
    expect(toImageConfig({ ...SOURCE, id: 'x', tags: [], sizeBytes: 9 }, FACTS)).toBe(
      toImageConfig(SOURCE, FACTS),
    );
  });

  it('leaves out what the source has not', () => {
    const { variant, author, ...plain } = SOURCE;
    const config = JSON.parse(toImageConfig(plain, FACTS));
    expect(Object.keys(config).sort()).toEqual([
      'architecture',
      'config',
      'created',
      'history',
      'os',
      'rootfs',
    ]);
    expect([variant, author]).toEqual(['v8', 'someone']);
  });
});
