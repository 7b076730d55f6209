import { randomUUID } from 'node:crypto';
import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { type TracedRun, traceRun } from '@keepset/tracer';
import { planRun } from './plan-run.js';
import { privilegedPrograms } from './privileged-programs.js';
import { recordOutput } from './record-output.js';
import { recordSteps, requireAnswers } from './record-steps.js';
import type { RunScope } from './run-scope.js';
import type { SourceRun } from './source-run.js';
import { stdinOf } from './standard-input.js';

/** A traced run of the source, and what it leads to. */
export interface TracedSource {
  readonly run: SourceRun & { readonly trace: NonNullable<SourceRun['trace']> };
  readonly plan: KeepPlan;
}

/**
 * Run a command in the source under strace and plan what to keep; twice, where the fast way of tracing would take
 * from it what a setuid program gains, or where the caller wants to know whether runs differ.
 *
 * @param isFirst  whether no run has read the standard input yet
 * @throws ShrinkError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, TRACE_INCOMPLETE, …; PlanError; TracerError; EngineError
 */
export async function traceSource(
  scope: RunScope,
  { isFirst }: { readonly isFirst: boolean },
): Promise<TracedSource> {
  const { work, source } = scope;
  let way: TraceWay = { seccompFilter: true, isFirst, isShown: true };
  let traced = await traceOnce(scope, way);
  const tree = await source.readTree();
  const { executed } = traced.plan;
  const capable = await source.reader.readCapable(executed.filter((path) => tree.get(path)?.type === 'file'));
  const [privileged] = privilegedPrograms(executed, tree, traced.run.trace.identity, capable);
  const canGain = !traced.asOwnUser;
  // What the first one printed is wrong where a program lacked the rights that it would have gained.
  way = { seccompFilter: privileged === undefined || !canGain, isFirst: false, isShown: true };
  if (privileged !== undefined && !canGain) {
    work.streams.onEvent({
      kind: 'note',
      message: `the command executes ${printPath(privileged)}, which would change its rights; the engine forbids a tracer that may let it (root, with SYS_PTRACE), so it ran without them, and what it does with them is not in the trace`,
    });
  }
  if (privileged !== undefined && canGain) {
    work.streams.onEvent({
      kind: 'note',
      message: `the command executes ${printPath(privileged)}, which changes its rights: running it once more, in the slower way that lets it`,
    });
    traced = await traceOnce(scope, way);
  }
  return work.request.traceTwice
    ? joined(traced, await traceOnce(scope, { ...way, isShown: false }))
    : traced;
}

/** What either of two runs leads to, as if it were the first run's. */
function joined({ run, plan }: TracedSource, second: TracedSource): TracedSource {
  const unsteady = [...usedPaths(plan).symmetricDifference(usedPaths(second.plan))].sort();
  return { run: { ...run, trace: { ...run.trace, unsteady } }, plan: mergePlans(plan, second.plan) };
}

function usedPaths({ kept }: KeepPlan): Set<string> {
  const used = [...kept.values()].filter(({ reasons }) => reasons.some(({ kind }) => kind === 'access'));
  return new Set(used.map(({ path }) => path));
}

interface TraceWay {
  readonly seccompFilter: boolean;
  /** Whether no run has read the standard input yet. */
  readonly isFirst: boolean;
  /** Whether the caller is given what it prints. */
  readonly isShown: boolean;
}

async function traceOnce(
  scope: RunScope,
  { seccompFilter, isFirst, isShown }: TraceWay,
): Promise<TracedSource & Pick<TracedRun, 'asOwnUser'>> {
  const { work, source } = scope;
  const { engine, request, streams, stages, folder } = work;
  const { image, toolbox, reader, command } = source;
  const { service, environment = {} } = request;
  const onOutput = isShown ? streams.onOutput : () => {};
  await using steps = recordSteps(folder, service, onOutput);
  await using recorder = await recordOutput(folder, `source-${randomUUID()}`);
  const traced = await stages.run('trace', command.join(' '), async () => {
    const run = await traceRun(engine, toolbox, reader, {
      image,
      command: request.command,
      options: request.run,
      seccompFilter,
      streams: {
        ...stdinOf(work, isFirst),
        async onOutput(chunk) {
          await recorder.write(chunk);
          await onOutput(chunk);
        },
        // Not before: it would slow the start. Awaited after the run, which may fail first.
        onStarted: () => void source.readTree().catch(() => {}),
      },
      ...(service && { service: { service, environment, onStepOutput: steps.onStepOutput } }),
      ...(request.secondsMax !== undefined && { secondsMax: request.secondsMax }),
      onWaiting: (seconds) =>
        streams.onEvent({
          kind: 'note',
          message: `the command has done nothing for ${seconds} s; if it is a server, interrupt it and say what to ask of it (--http, --probe, --exec)`,
        }),
    });
    return [run, describeEnd(run)] as const;
  });
  // Whoever compares runs asks for the files that it left.
  work.keep(traced);
  const output = await recorder.finish();
  const taken = traced.service?.steps ?? [];
  const outcomes = await steps.finish(taken);
  if (traced.service?.failure !== undefined) throw traced.service.failure;
  await requireAnswers(taken, outcomes);
  const { exitStatus, seconds, container } = traced;
  const { plan, written, trace } = await planRun(scope, { ...traced, seccompFilter });
  const run = { exitStatus, output, steps: outcomes, seconds, container, written, trace };
  return { run, plan, asOwnUser: traced.asOwnUser };
}

function describeEnd({ exitStatus, service }: TracedRun): string {
  if (service?.readySeconds === undefined) return `exit status ${exitStatus}`;
  const { steps, readySeconds } = service;
  const asked = steps.length === 0 ? '' : `, ${steps.length} ${steps.length === 1 ? 'answer' : 'answers'}`;
  return `ready after ${readySeconds.toFixed(1)} s${asked}, exit status ${exitStatus}`;
}
