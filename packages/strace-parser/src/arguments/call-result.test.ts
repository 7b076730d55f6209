import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileString } from '../../test/arbitraries.ts';
import { type CallResult, parseResult, printResult } from './call-result.js';

const three = { kind: 'number', value: 3, text: '3' } as const;
const failed = { kind: 'number', value: -1, text: '-1' } as const;

describe('parseResult', () => {
  it.each<[string, CallResult]>([
    ['3', { value: three, notes: [] }],
    ['3</path>', { value: { kind: 'annotated', value: three, note: '/path' }, notes: [] }],
    [
      '3</p>(deleted) <0.000256>',
      {
        value: { kind: 'annotated', value: three, note: '/p', deleted: true },
        notes: [],
        duration: '0.000256',
      },
    ],
    [
      '-1 ENOENT (No such file or directory)',
      { value: failed, errno: 'ENOENT', notes: ['No such file or directory'] },
    ],
    [
      '-1 EPERM (Operation not permitted) (INJECTED)',
      { value: failed, errno: 'EPERM', notes: ['Operation not permitted', 'INJECTED'] },
    ],
    ['?', { value: undefined, notes: [] }],
    ['? <unavailable>', { value: undefined, notes: [], rest: ' <unavailable>' }],
    [
      '? ERESTARTSYS (To be restarted if SA_RESTART is set)',
      { value: undefined, errno: 'ERESTARTSYS', notes: ['To be restarted if SA_RESTART is set'] },
    ],
    [
      '0x1 (flags FD_CLOEXEC)',
      { value: { kind: 'number', value: 1, text: '0x1' }, notes: ['flags FD_CLOEXEC'] },
    ],
    [
      '3 (in [3</a) b>], left {tv_sec=1, tv_usec=2})',
      { value: three, notes: ['in [3</a) b>], left {tv_sec=1, tv_usec=2}'] },
    ],
    ['O [x:y', { value: { kind: 'symbol', name: 'O' }, notes: [], rest: ' [x:y' }],
    ['-1 (errno 18446744073709551595)', { value: failed, notes: ['errno 18446744073709551595'] }],
  ])('%s', (text, result) => {
    expect(parseResult(text)).toEqual(result);
    expect(printResult(result)).toBe(text);
  });

  it('gives back any text at all', () => {
    fc.assert(
      fc.property(hostileString, (text) => {
        if (text !== '') expect(printResult(parseResult(text))).toBe(text);
      }),
    );
  });
});
