import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { toImageUses } from './image-uses.js';
import type { RecordedFacts } from './recording.js';

const made = (references: readonly string[], tag: string, id: string) => ({
  source: { references, id, sizeBytes: 2 },
  result: { id: `small ${id}`, tags: [tag], sizeBytes: 1, manifest: 'm' },
  verified: false,
});

const container = (project: string, service: string, imageId: string) =>
  ({ imageId, compose: { project, service } }) as RecordedFacts;

it('each way a source was called has a variable of its own', () => {
  const uses = toImageUses({ containers: [] }, [
    made(['a:1', 'a-1'], 'a:1-small', '1'),
    { source: { references: ['left:1'], id: '2' }, reason: 'it is' },
  ]);
  expect(uses.get('keepset.env')).toBe('IMAGE_A_1=a:1-small\nIMAGE_A_1__2=a:1-small\n');
  expect([...uses.keys()]).toEqual(['keepset.env', 'keepset.cwl.json']);
});

it.each([['db'], ['d"b'], ['a: b'], ['a\\'], ['é # x'], ['- x'], ['{a}']])(
  'the service %j is named as it is',
  (service) => {
    const uses = toImageUses({ containers: [container('shop', service, '1')] }, [
      made(['a'], 'a:small', '1'),
    ]);
    expect(parse(uses.get('keepset.shop.compose.yaml') ?? '')).toEqual({
      services: { [service]: { image: 'a:small' } },
    });
  },
);

it('a project whose name could be another file has no file', () => {
  const containers = ['../x', 'a/b', '', 'x\n'].map((project) => container(project, 'web', '1'));
  expect([...toImageUses({ containers }, [made(['a'], 'a:small', '1')]).keys()]).toHaveLength(2);
});
