import { joinObservations, type Observation, observeCalls } from '@keepset/hardening';
import { readProgramCalls } from '@keepset/tracer';
import type { RunLogs } from '../run/trace-in-image.js';

/** What a traced run did: its command, and each program that was started beside it. */
export async function observeRun(name: string, logs: RunLogs): Promise<Observation> {
  const traces = [logs.readTrace(), ...logs.execTraces.map((exec) => exec.read())];
  const all: Observation[] = [];
  for (const trace of traces) all.push(await observeCalls(name, readProgramCalls(trace)));
  return joinObservations(name, all);
}
