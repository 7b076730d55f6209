import { toContent } from '@keepset/run-comparison';
import { describe, expect, it } from 'vitest';
import { type NamingRun, toMadeUpNames, withRecordedNames } from './made-up-names.js';

const run = (command: string, options: NonNullable<NamingRun['options']> = {}): NamingRun => ({
  command: command.split(' '),
  options,
});

describe('names that a workflow engine makes up', () => {
  it.each([
    ['a folder', run('wc /stage/k1/in.txt'), run('wc /stage/q7/in.txt'), [['/stage/q7', '/stage/k1']]],
    ['a file', run('wc /k1'), run('wc /q7'), [['/q7', '/k1']]],
    ['in a word', run('x --in=/k1/a:/k1/b'), run('x --in=/q7/a:/q7/b'), [['/q7', '/k1']]],
    ['the folder of work', run('x', { workdir: '/k1' }), run('x', { workdir: '/q7' }), [['/q7', '/k1']]],
    [
      'a mount',
      run('x', { mount: ['type=bind,source=/h,target=/k1'] }),
      run('x', { mount: ['type=bind,source=/h,target=/q7'] }),
      [['/q7', '/k1']],
    ],
    ['none that is the same', run('wc /a/b'), run('wc /a/b'), []],
    ['no other word', run('sort 1'), run('sort 2'), []],
    ['none of two that are not alike', run('cat /k1'), run('cat /q7 /q8'), []],
  ])('%s', (_, recorded, now, expected) => {
    expect([...toMadeUpNames(recorded, now)]).toEqual(expected);
  });

  it.each([
    ['3 /q7/in.txt\n', '3 /k1/in.txt\n'],
    ['/q7:/q7/a "/q7"', '/k1:/k1/a "/k1"'],
    ['/q78 /q7.txt /a/q7 /q7-x', '/q78 /q7.txt /a/q7 /q7-x'],
    ['/ä/b /$&', '/ö/b /$&'],
    ['/q7\xff', '/k1\xff'],
  ])('%j is told as %j', async (printed, expected) => {
    const names = new Map([
      ['/q7', '/k1'],
      ['/ä', '/ö'],
    ]);
    const { read } = await withRecordedNames(toContent(printed), names);
    expect(Buffer.concat(await Array.fromAsync(read())).toString()).toBe(expected);
  });
});
