import type { SourceConfig } from '@keepset/image-source';
import { describe, expect, it } from 'vitest';
import { toImageConfig } from './image-config.js';

const SOURCE: SourceConfig = {
  architecture: 'arm64',
  variant: 'v8',
  os: 'linux',
  author: 'someone',
  created: '2020-01-02T03:04:05Z',
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
const FACTS = { layers: [{ diffId: 'sha256:layer' }], createdBy: 'keepset test' };

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

  it('is the same whoever tells it, with whatever keys that say nothing, in whatever order', () => {
    const NOTHING = { Hostname: '', Tty: false, Image: '', OnBuild: null, ExposedPorts: {}, MacAddress: '' };
    const turned = Object.fromEntries(
      Object.entries({
        ...SOURCE.config,
        ...NOTHING,
        OnBuild: ['RUN x'],
        ExposedPorts: { '80/tcp': {} },
      }).reverse(),
    );
    expect(toImageConfig({ ...SOURCE, config: turned, 'os.version': '' }, FACTS)).toBe(
      toImageConfig(SOURCE, FACTS),
    );
  });

  it.each([
    ['2020-01-02T03:04:05.000000000Z', '2020-01-02T03:04:05Z'],
    ['2020-01-02T03:04:05.120Z', '2020-01-02T03:04:05.12Z'],
    ['2020-01-02T03:04:05.123456789+02:00', '2020-01-02T03:04:05.123456789+02:00'],
    ['2020-01-02T03:04:05+00:00', '2020-01-02T03:04:05Z'],
    ['', '0001-01-01T00:00:00Z'],
    [undefined, '0001-01-01T00:00:00Z'],
    ['yesterday', '0001-01-01T00:00:00Z'],
  ])('was made when an engine says so: %s', (created, expected) => {
    const { created: _, ...source } = SOURCE;
    const config = JSON.parse(toImageConfig({ ...source, ...(created !== undefined && { created }) }, FACTS));
    expect([config.created, config.history[0].created]).toEqual([expected, expected]);
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
