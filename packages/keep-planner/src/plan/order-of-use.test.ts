import { expect, it } from 'vitest';
import { orderOfUse } from './order-of-use.js';
import type { AccessReason, KeepRule, Reason } from './reason.js';

const at = (line: number, facts: Partial<AccessReason> = {}): Reason => ({
  kind: 'access',
  run: 'main',
  action: 'open',
  call: 'openat',
  line,
  count: 1,
  ...facts,
});
const by = (rule: KeepRule, from: string): Reason => ({ kind: 'rule', rule, from });

it.each<[string, Readonly<Record<string, readonly Reason[]>>, readonly string[]]>([
  [
    'by the line of the first use',
    { '/b': [at(9), at(2, { action: 'write' })], '/a': [at(3)] },
    ['/b', '/a'],
  ],
  ['of several runs by the earliest', { '/a': [at(9), at(1, { run: 'two' })], '/b': [at(3)] }, ['/a', '/b']],
  ['of one moment by the path', { '/b': [at(1, { run: 'two' })], '/a': [at(1)] }, ['/a', '/b']],
  [
    'not what was only looked at',
    { '/a': [at(1, { action: 'stat' })], '/b': [at(2, { action: 'list' })] },
    [],
  ],
  ['not what could not be opened', { '/a': [at(1, { errno: 'EACCES' })] }, []],
  [
    'not what other rules keep',
    { '/a': [at(1)], '/b': [by('library', '/a')], '/c': [by('parent', '/a')] },
    ['/a'],
  ],
  [
    'interpreters and their loaders right behind the script, in whatever order they are told',
    {
      '/ld.so': [by('loader', '/python')],
      '/python': [by('interpreter', '/script')],
      '/script': [at(5, { action: 'execute' })],
      '/z': [at(6)],
    },
    ['/script', '/python', '/ld.so', '/z'],
  ],
  [
    'where its own use is known, that tells',
    { '/sh': [by('interpreter', '/s'), at(1)], '/s': [at(4)] },
    ['/sh', '/s'],
  ],
])('orders files %s', (_, kept, expected) => {
  const plan = new Map(Object.entries(kept).map(([path, reasons]) => [path, { reasons }]));
  expect(orderOfUse(plan.keys(), plan)).toEqual(expected);
});
