import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planTasks, type Workload } from './plan-tasks.js';

const workload: Workload = {
  name: 'a',
  image: 'debian:12',
  command: ['shrink', 'debian:12', 'true'],
  inputs: { 'keepset.yaml': 'sha256:1' },
  results: ['a:small'],
  folders: [],
  manifest: undefined,
};
const options = { digests: new Map([['debian:12', 'sha256:d']]), version: '1.0.0' };
const keyOf = (changed: Partial<Workload> = {}, others: Partial<typeof options> = {}) =>
  planTasks([{ ...workload, ...changed }], { ...options, ...others })[0]?.key;

describe('the key of a task', () => {
  it.each<[string, Partial<Workload>, Partial<typeof options>]>([
    ['the image', {}, { digests: new Map([['debian:12', 'sha256:e']]) }],
    ['an image that nobody knows', {}, { digests: new Map() }],
    ['a word of the command', { command: ['shrink', 'debian:12', 'false'] }, {}],
    ['where words end', { command: ['shrink', 'debian:12 true'] }, {}],
    ['what a file holds', { inputs: { 'keepset.yaml': 'sha256:2' } }, {}],
    ['the version', {}, { version: '1.0.1' }],
  ])('is another with %s', (_what, changed, others) => {
    expect(keyOf(changed, others)).not.toBe(keyOf());
  });

  it.each<[string, Partial<Workload>]>([
    ['the name', { name: 'b' }],
    ['where its folders are', { folders: ['manifests'] }],
  ])('is the same whatever %s', (_what, changed) => {
    expect(keyOf(changed)).toBe(keyOf());
  });

  it('is of digits, and none of another task', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), {
          selector: (words) => JSON.stringify(words),
        }),
        (commands) => {
          const tasks = planTasks(
            commands.map((command, index) => ({ ...workload, name: `${index}`, results: [], command })),
            options,
          );
          expect(new Set(tasks.map(({ key }) => key)).size).toBe(commands.length);
          for (const { key } of tasks) expect(key).toMatch(/^[0-9a-f]{32}$/);
        },
      ),
    );
  });
});

it.each<[string, Partial<Workload>, string]>([
  ['one name', {}, "two tasks are called 'a'"],
  ['one result', { name: 'b' }, "'a' and 'b' would both write 'a:small'"],
])('two tasks of %s are refused', (_what, changed, message) => {
  expect(() => planTasks([workload, { ...workload, ...changed }], options)).toThrow(
    expect.objectContaining({ code: 'FLEET_SAME_NAME', message }),
  );
});
