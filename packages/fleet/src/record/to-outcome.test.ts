import { expect, it } from 'vitest';
import { planTasks, type Task } from '../tasks/plan-tasks.js';
import { parseOutcome } from './outcome.js';
import { toOutcome } from './to-outcome.js';

const [task] = planTasks(
  [
    {
      ...{ name: 'a', image: 'i', command: ['x'], inputs: {}, results: [] },
      folders: [],
      manifest: undefined,
    },
  ],
  { digests: new Map(), version: '1.0.0' },
) as [Task];
const facts = { round: 1, startedAt: '2026-01-01T00:00:00Z', seconds: 1, machine: 'm' };
const ended = { exitStatus: 0, signal: null, stdout: '', stderr: '' };
const made = {
  ...{ id: 'sha256:r', verdict: 'verified', warnings: [{}, {}], tags: ['a'] },
  ...{ source: { id: 'sha256:s', sizeBytes: 10 }, result: { sizeBytes: 3 } },
};

it('of a result, says what it is', () => {
  const outcome = toOutcome(task, { ...ended, stdout: JSON.stringify(made) }, facts);
  expect(outcome).toMatchObject({
    state: 'done',
    result: {
      ...{ id: 'sha256:r', sizeBytes: 3, sourceId: 'sha256:s', sourceBytes: 10 },
      ...{ verdict: 'verified', warnings: 2 },
    },
  });
  expect(parseOutcome(JSON.stringify(outcome))).toEqual(outcome);
});

const said = JSON.stringify({ error: { code: 'VERIFICATION_FAILED', message: 'it differs' } });

it.each([
  ['a refusal', { exitStatus: 3, stdout: said }, 'refused', 3, 'VERIFICATION_FAILED'],
  ['a failure', { exitStatus: 1, stdout: said }, 'failed', 1, 'VERIFICATION_FAILED'],
  ['a failure that says nothing', { exitStatus: 1 }, 'failed', 1, 'NO_ANSWER'],
  ['a signal', { exitStatus: null, signal: 'SIGKILL' }, 'failed', 128, 'ENDED_BY_SIGNAL'],
  ['success without a result', { stdout: 'null' }, 'failed', 0, 'NO_ANSWER'],
  ['success with half of one', { stdout: JSON.stringify(made).slice(0, 50) }, 'failed', 0, 'NO_ANSWER'],
])('of %s, says why', (_what, changed, state, exitStatus, code) => {
  const outcome = toOutcome(task, { ...ended, ...changed }, facts);
  expect(outcome).toMatchObject({ state, exitStatus, error: { code } });
  expect(outcome.result).toBeUndefined();
});

it('takes the last line of what was said where there is nothing better', () => {
  const outcome = toOutcome(task, { ...ended, exitStatus: 127, stderr: 'one\nsh: not found\n' }, facts);
  expect(outcome.error?.message).toBe('sh: not found');
});
