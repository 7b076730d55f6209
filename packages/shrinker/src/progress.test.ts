import { expect, it } from 'vitest';
import { createProgress, type ShrinkEvent } from './progress.js';

it('tells of the beginning and end of each stage, and keeps their times in order', async () => {
  const events: ShrinkEvent[] = [];
  const progress = createProgress((event) => void events.push(event));
  expect(await progress.stage('inspect', 'image', async () => ['value', 'found'] as const)).toBe('value');
  await progress.stage('trace', 'command', async () => [undefined, 'exit status 0'] as const);
  expect(events.map(({ kind, ...rest }) => [kind, (rest as { detail: string }).detail])).toEqual([
    ['stage-begun', 'image'],
    ['stage-ended', 'found'],
    ['stage-begun', 'command'],
    ['stage-ended', 'exit status 0'],
  ]);
  expect(progress.stages.map(({ stage }) => stage)).toEqual(['inspect', 'trace']);
});

it('a stage that fails has no end', async () => {
  const events: ShrinkEvent[] = [];
  const progress = createProgress((event) => void events.push(event));
  await expect(progress.stage('keep', '', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(events.map(({ kind }) => kind)).toEqual(['stage-begun']);
  expect(progress.stages).toEqual([]);
});

it('what is counted to a stage is added to its time, and said only where it is long', async () => {
  const events: ShrinkEvent[] = [];
  const progress = createProgress((event) => void events.push(event));
  expect(await progress.count('clean-up', 'quick', async () => 'value')).toBe('value');
  expect(events).toEqual([]);
  expect(progress.stages.map(({ stage }) => stage)).toEqual(['clean-up']);
});
