import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import packageJson from '../package.json' with { type: 'json' };
import { toOutputs } from '../src/outputs.js';
import { INPUT_VARIABLES } from '../src/read-inputs.js';

const read = (name: string) =>
  parseAllDocuments(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
const [action] = read('action.yml');
const [component, { '$[[ inputs.job ]]': job }] = read('templates/shrink.yml');
const steps: readonly Record<string, never>[] = action.runs.steps;

describe('action.yml', () => {
  it('gives a shell no text of inputs', () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts).toHaveLength(1);
    expect(scripts.join()).not.toContain('${{');
  });

  it('hands every input on', () => {
    const handed = JSON.stringify(action.runs);
    const lost = Object.keys(action.inputs).filter((name) => !handed.includes(`\${{ inputs.${name} }}`));
    expect(lost).toEqual([]);
  });

  it('takes only inputs that it has', () => {
    const taken = [...JSON.stringify(action.runs).matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(taken.filter((name = '') => action.inputs[name] === undefined)).toEqual([]);
  });

  it('gives every input of the step its variable', () => {
    const step = steps.find(({ id }) => id === 'keepset');
    expect(Object.keys(step?.env ?? {})).toEqual(expect.arrayContaining(Object.values(INPUT_VARIABLES)));
  });

  it('has the outputs that the step writes', () => {
    const files = { manifest: '', report: '', summary: '' };
    const facts = { source: {}, result: {}, ratio: 1, verdict: '', entries: {} } as never;
    const written = toOutputs(facts, { growth: undefined, exitStatus: 0, files });
    expect(Object.keys(action.outputs).sort()).toEqual(Object.keys(written).sort());
    for (const [name, { value }] of Object.entries<{ value: string }>(action.outputs))
      expect(value).toBe(`\${{ steps.keepset.outputs.${name} }}`);
  });
});

describe('the component of GitLab', () => {
  it('gives a shell no text of inputs', () => {
    expect(JSON.stringify(job.script)).not.toContain('$[[');
  });

  it('hands every input on, and expands nothing', () => {
    const variables = Object.values<{ value: string; expand: boolean } | string>(job.variables);
    const handed = variables.flatMap((each) => (typeof each === 'string' ? [] : each));
    expect(handed.every(({ expand }) => expand === false)).toBe(true);
    const all = [...handed.map(({ value }) => value), job.stage, job.image, '$[[ inputs.job ]]'];
    expect(all.sort()).toEqual(
      Object.keys(component.spec.inputs)
        .map((name) => `$[[ inputs.${name} ]]`)
        .sort(),
    );
  });

  it('takes the version that it belongs to', () => {
    expect(job.variables.KEEPSET_ACTION).toBe(`${packageJson.name}@${packageJson.version}`);
  });
});

it('both have the same options', () => {
  const own = ['job', 'stage', 'node-image', 'results', 'artifact'];
  const options = (inputs: object) => Object.keys(inputs).filter((name) => !own.includes(name));
  expect(options(component.spec.inputs)).toEqual(options(action.inputs));
});
