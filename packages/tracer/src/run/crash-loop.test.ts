import { expect, it } from 'vitest';
import { crashLoopTracer, parseThreads } from './crash-loop.js';

interface Thread {
  readonly tid?: string;
  readonly syscalls?: readonly string[];
  readonly stops?: number;
  readonly minorFaults?: number;
  readonly majorFaults?: number;
  readonly caught?: string;
  readonly ignored?: string;
  readonly tracer?: number;
}

const STOPPED = '-1 0x7ffcdbb04fe0 0x7f6d5ecd050f';

/** As `head -v` prints the files of a thread; of the long ones, what matters here. */
function printed({ tid = '1', syscalls = [STOPPED, 'running'], stops = 0, ...rest }: Thread): string {
  const { minorFaults = 90, majorFaults = 2, caught = '0', ignored = '0', tracer = 7 } = rest;
  const file = (name: string, content: string) => `==> /proc/1/task/${tid}/${name} <==\n${content}\n`;
  const stat = `${tid} (a) b (c) R 0 1 1 0 -1 4194560 ${minorFaults} 5 ${majorFaults} 0 1 1 0 0 20 0 1 0 221311 2560000 347`;
  const mask = (bits: string) => bits.padStart(16, '0');
  const status = `Name:\ta) b (c\nState:\tR (running)\nTracerPid:\t${tracer}\nSigIgn:\t${mask(ignored)}\nSigCgt:\t${mask(caught)}\nvoluntary_ctxt_switches:\t${stops}\nnonvoluntary_ctxt_switches:\t122\n`;
  return syscalls
    .map((syscall) => file('stat', stat) + file('status', status) + file('syscall', syscall))
    .join('\n');
}

const CRASHED = { stops: 40_000 };

it.each<[string, readonly Thread[], readonly Thread[], number | undefined]>([
  ['a process that crashes over and over', [{}], [CRASHED], 7],
  ['a thread that does', [{}, { tid: '9' }], [{}, { ...CRASHED, tid: '9' }], 7],
  ['a timer that a profiler sets', [{}], [{ stops: 1000 }], undefined],
  ['a wait for pages from a disk', [{}], [{ ...CRASHED, majorFaults: 3 }], undefined],
  ['a use of fresh memory', [{}], [{ ...CRASHED, minorFaults: 91 }], undefined],
  ['a program that handles its faults', [{ caught: '400' }], [{ ...CRASHED, caught: '400' }], undefined],
  ['a program that ignores them', [{ ignored: '400' }], [{ ...CRASHED, ignored: '400' }], undefined],
  ['one that has handlers for others', [{ caught: 'fffffbff' }], [{ ...CRASHED, caught: 'fffffbff' }], 7],
  ['a stop elsewhere', [{ syscalls: ['-1 0x7ff 0x1'] }], [CRASHED], undefined],
  ['stops in two places', [{}], [{ ...CRASHED, syscalls: [STOPPED, '-1 0x7ff 0x1'] }], undefined],
  ['a call that waits', [{ syscalls: ['0 0x3 0x1'] }], [{ ...CRASHED, syscalls: ['0 0x3 0x1'] }], undefined],
  ['a program that works', [{ syscalls: ['running'] }], [{ ...CRASHED, syscalls: ['running'] }], undefined],
  ['another thread than before', [{ tid: '8' }], [{ ...CRASHED, tid: '9' }], undefined],
  ['no tracer', [{ tracer: 0 }], [{ ...CRASHED, tracer: 0 }], undefined],
  ['a process that is gone', [], [], undefined],
])('%s', (_what, before, after, tracer) => {
  const threads = (all: readonly Thread[]) => parseThreads(all.map(printed).join('\n'));
  expect(crashLoopTracer(threads(before), threads(after), 0.5)).toBe(tracer);
});

it.each(['', "head: cannot open '/proc/1/task/9/stat'\n", '==> /proc/1/task/9/syscall <==\nrunning\n'])(
  'makes nothing of what is not whole: %j',
  (text) => expect(parseThreads(text)).toEqual([]),
);
