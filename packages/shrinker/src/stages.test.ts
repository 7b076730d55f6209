import { expect, it } from 'vitest';
import { createStages, type ShrinkEvent } from './stages.js';

it('tells of the beginning and end of each stage, and keeps their times in order', async () => {
  const events: ShrinkEvent[] = [];
  const stages = createStages((event) => void events.push(event));
  expect(await stages.run('inspect', 'image', async () => ['value', 'found'] as const)).toBe('value');
  await stages.run('trace', 'command', async () => [undefined, 'exit status 0'] as const);
  expect(events.map(({ kind, ...rest }) => [kind, (rest as { detail: string }).detail])).toEqual([
    ['stage-begun', 'image'],
    ['stage-ended', 'found'],
    ['stage-begun', 'command'],
    ['stage-ended', 'exit status 0'],
  ]);
  expect(stages.seconds.map(({ stage }) => stage)).toEqual(['inspect', 'trace']);
});

it('a stage that fails has no end', async () => {
  const events: ShrinkEvent[] = [];
  const stages = createStages((event) => void events.push(event));
  await expect(stages.run('keep', '', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(events.map(({ kind }) => kind)).toEqual(['stage-begun']);
  expect(stages.seconds).toEqual([]);
});
