import { joinObservations, type Observation, observeCalls } from '@keepset/hardening';
import { readProgramCalls } from '@keepset/tracer';
import type { SourceRun } from '../run/source-run.js';
import type { RunLogs } from '../run/trace-in-image.js';

/** What a traced run did: its command, and each program that was started beside it. */
export async function observeRun(name: string, logs: RunLogs): Promise<Observation> {
  const traces = [logs.readTrace(), ...logs.execTraces.map((exec) => exec.read())];
  const all: Observation[] = [];
  for (const trace of traces) all.push(await observeCalls(name, readProgramCalls(trace)));
  return joinObservations(name, all);
}

/** A traced run of the source, and what it was seen to do. */
export interface ObservedRun {
  readonly run: SourceRun;
  readonly observation: Observation;
}

/** What traced runs of the source did. */
export async function observeRuns(runs: readonly SourceRun[]): Promise<readonly ObservedRun[]> {
  const observed: ObservedRun[] = [];
  for (const run of runs)
    if (run.trace !== undefined)
      observed.push({ run, observation: await observeRun(run.run.name, run.trace.logs) });
  return observed;
}
