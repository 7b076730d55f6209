import { describe, expect, it } from 'vitest';
import { parsePrefix, walkPrefix } from './parse-prefix.js';

describe('parsePrefix', () => {
  it.each([
    ['openat(', {}],
    ['3872  openat(', { pid: 3872 }],
    ['[pid  6858] openat(', { pid: 6858 }],
    ['24087<a\\74b> openat(', { pid: 24087, comm: 'a\\74b' }],
    ['[pid 24087<two words>] openat(', { pid: 24087, comm: 'two words' }],
    ['17:26:49 openat(', { time: '17:26:49' }],
    ['7 21:29:39.812042 openat(', { pid: 7, time: '21:29:39.812042' }],
    ['1795469585.716497 openat(', { time: '1795469585.716497' }],
    ['1795469585 openat(', { time: '1795469585' }],
    ['12 1795469585 openat(', { pid: 12, time: '1795469585' }],
    ['24523      0.000281 openat(', { pid: 24523, sinceLast: '0.000281' }],
    ['     0.000281 openat(', { sinceLast: '0.000281' }],
    ['21:57:53 (+     0.000) openat(', { time: '21:57:53', sinceLast: '0.000' }],
    [
      '25820 [  59] [00007f6cb6547ad7] openat(',
      { pid: 25820, callNumber: 59, instructionPointer: '00007f6cb6547ad7' },
    ],
    ['[ 257] [f7f8c549] openat(', { callNumber: 257, instructionPointer: 'f7f8c549' }],
    [
      '[pid 20929] [????????????????] +++ killed by SIGSEGV +++',
      { pid: 20929, instructionPointer: '????????????????' },
    ],
    [
      '5 [unconfined_u:unconfined_r:unconfined_t:s0] openat(',
      { pid: 5, context: 'unconfined_u:unconfined_r:unconfined_t:s0' },
    ],
    ['[ Process PID=29968 runs in 32 bit mode. ]', {}],
    ['[pid 29972] [ Process PID=29972 runs in 64 bit mode. ]', { pid: 29972 }],
  ])('%s', (line, prefix) => {
    const end = walkPrefix(line, 0, line.length, () => {});
    expect(line.slice(end)).toMatch(/^(openat\(|\+\+\+|\[ Process)/);
    expect(parsePrefix(line, 0, end)).toEqual(prefix);
  });
});
