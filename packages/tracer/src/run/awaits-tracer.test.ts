import { expect, it } from 'vitest';
import { awaitsTracer } from './awaits-tracer.js';

interface Seen {
  /** Of each thread of process 1. */
  readonly calls?: readonly string[];
  /** PID → PID of its parent. */
  readonly parents?: Readonly<Record<string, number>>;
}

const WAIT_ANY = '61 0xffffffffffffffff 0x7ffd1 0x0 0x0 0x0 0x0 0x7ffd2 0x7f1';

/** As `head -v` prints it: process 8 is the tracer, 12 is who looks. */
function printed({ calls = [WAIT_ANY], parents = {} }: Seen): string {
  const files = Object.entries({ 1: 0, 8: 1, 12: 0, ...parents }).flatMap(([pid, parent]) => [
    `==> /proc/${pid}/stat <==\n${pid} (a) b (c) S ${parent} 1 1 0 -1 4194560 90 5\n`,
    `==> /proc/${pid}/status <==\nName:\tx\nTracerPid:\t${pid === '1' ? 8 : 0}\n`,
  ]);
  const threads = calls.map((call, at) => `==> /proc/1/task/${at + 1}/syscall <==\n${call}\n`);
  return [...files, ...threads].join('\n');
}

it.each<[string, Seen]>([
  ['wait4 of any child', {}],
  ['of a narrower register', { calls: ['61 0xffffffff 0x0'] }],
  ['of any child of its group', { calls: ['61 0x0 0x0'] }],
  ['waitid of any child', { calls: ['247 0x0 0x0'] }],
  ['on arm64', { calls: ['260 0xffffffffffffffff 0x0'] }],
  ['in each of its threads', { calls: [WAIT_ANY, WAIT_ANY] }],
  ['while a grandchild of others runs', { parents: { 20: 12 } }],
])('process 1 waits for its tracer alone: %s', (_, seen) => {
  expect(awaitsTracer(printed(seen))).toBe(true);
});

it.each<[string, Seen]>([
  ['it has a child yet', { parents: { 20: 1 } }],
  ['it waits for one child', { calls: ['61 0x14 0x7ffd1'] }],
  ['it is in another call', { calls: ['0 0x0 0x7ffd1'] }],
  ['it runs', { calls: ['running'] }],
  ['another thread does something', { calls: [WAIT_ANY, '202 0x7ffd1 0x0'] }],
  ['the tracer is nobody’s child', { parents: { 8: 0 } }],
  ['nothing was read', { calls: [] }],
])('process 1 waits for no tracer: %s', (_, seen) => {
  expect(awaitsTracer(printed(seen))).toBe(false);
});

it('nothing is said of nothing', () => {
  expect(awaitsTracer('')).toBe(false);
});
