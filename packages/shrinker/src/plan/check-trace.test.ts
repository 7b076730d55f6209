import { readAccesses } from '@keepset/strace-parser';
import { expect, it } from 'vitest';
import { checkTraceComplete } from './check-trace.js';

const BEGIN = '1 execve("/bin/true", ["true"], 0x7ffc /* 1 var */) = 0\n';

async function summaryOf(text: string) {
  const trace = readAccesses([Buffer.from(text)]);
  for await (const _ of trace);
  return trace.summary;
}

it.each([
  ['that tells the exit', `${BEGIN}1 +++ exited with 3 +++\n`, 3],
  ['that tells the signal', `${BEGIN}1 +++ killed by SIGKILL +++\n`, 137],
  ['whose tracer was killed with the program', BEGIN, 137],
  [
    'that is cut in a line after the end',
    `${BEGIN}2 futex(0x7f\n1 exit_group(0) = ?\n2 +++ killed by SIG`,
    0,
  ],
  [
    'of threads, of which another ended them all',
    `${BEGIN}1 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 2\n2 exit_group(3) = ?\n`,
    3,
  ],
  ['with a child that ended otherwise', `${BEGIN}2 +++ exited with 1 +++\n1 +++ exited with 0 +++\n`, 0],
])('accepts a trace %s', async (_what, text, status) => {
  const summary = await summaryOf(text);
  expect(() => checkTraceComplete(summary, status)).not.toThrow();
});

it.each([
  ['ends before the program', BEGIN, 0],
  ['ends within a line', `${BEGIN}1 +++ exited wi`, 0],
  [
    'ends before the program, though a child ended with the same status',
    `${BEGIN}1 clone(child_stack=NULL, flags=SIGCHLD) = 2\n2 +++ exited with 0 +++\n`,
    0,
  ],
  ['is empty', '', 0],
  ['tells of another end', `${BEGIN}1 +++ exited with 1 +++\n`, 0],
])('refuses a trace that %s', async (_what, text, status) => {
  const summary = await summaryOf(text);
  expect(() => checkTraceComplete(summary, status)).toThrow(
    expect.objectContaining({ code: 'TRACE_INCOMPLETE' }),
  );
});
