import { execFileSync } from 'node:child_process';
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

const task = (process: string, imageId: string) => ({ imageId, nextflow: { process } }) as RecordedFacts;

// Nextflow itself reads such a file, and nothing else does: its grammar, as far as it is used here.
const CONFIGURATION =
  /^process \{\n(?: {2}withName: '(?:[^'\\\n]|\\['\\])+' \{\n {4}container = '(?:[^'\\\n]|\\['\\])+'\n {2}\}\n)*\}\n$/;

it('processes of Nextflow have the small image of all their tasks, and none where these differ', () => {
  const containers = [
    ...[task('FLOW:ALIGN', '1'), task('FLOW:ALIGN', '1'), task("a'b\\", '1')],
    ...[task('MIXED', '1'), task('MIXED', '2'), task('LEFT', '1'), task('LEFT', '3')],
  ];
  const images = [made(['a'], 'a:small', '1'), made(['b'], 'b:small', '2')];
  const text = toImageUses({ containers }, images).get('keepset.nextflow.config') ?? '';
  expect(text).toBe(
    "process {\n  withName: 'FLOW:ALIGN' {\n    container = 'a:small'\n  }\n  withName: 'a\\'b\\\\' {\n    container = 'a:small'\n  }\n}\n",
  );
  expect(text).toMatch(CONFIGURATION);
});

it('variables are read by a shell, and requirements by JSON, as they are', () => {
  const uses = toImageUses({ containers: [] }, [made(['a$b:1', 'é"'], 'a:small', '1')]);
  const shell = execFileSync('sh', ['-euc', `${uses.get('keepset.env')}\nset`], { encoding: 'utf8' });
  expect(shell).toContain("IMAGE_A_B_1='a:small'\n");
  const requirement = { class: 'DockerRequirement', dockerPull: 'a:small' };
  expect(JSON.parse(uses.get('keepset.cwl.json') ?? '')).toEqual({ 'a$b:1': requirement, 'é"': requirement });
});
