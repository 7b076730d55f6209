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
  ['with a child that ended otherwise', `${BEGIN}2 +++ exited with 1 +++\n1 +++ exited with 0 +++\n`, 0],
])('accepts a trace %s', async (_what, text, status) => {
  const summary = await summaryOf(text);
  expect(() => checkTraceComplete(summary, status)).not.toThrow();
});

it.each([
  ['ends before the program', BEGIN, 0],
  ['ends within a line', `${BEGIN}1 +++ exited wi`, 0],
  ['is empty', '', 0],
  ['tells of another end', `${BEGIN}1 +++ exited with 1 +++\n`, 0],
])('refuses a trace that %s', async (_what, text, status) => {
  const summary = await summaryOf(text);
  expect(() => checkTraceComplete(summary, status)).toThrow(
    expect.objectContaining({ code: 'TRACE_INCOMPLETE' }),
  );
});
