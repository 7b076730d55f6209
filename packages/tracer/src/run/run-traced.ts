import { withoutLauncherComplaint } from '../launch/launcher-complaint.js';
import { requireWritten, watchTraceErrors } from '../launch/trace-errors.js';
import type { TracedContainer } from '../launch/traced-container.js';
import { TracerError } from '../tracer-error.js';
import { endStuck } from './end-stuck.js';
import type { RunStreams } from './run-container.js';

/** What is known of a traced run besides its outcome. */
export interface TracedEnd {
  /** Wall clock of the run alone. */
  readonly seconds: number;
  /** What the launcher or strace said instead of the program; empty when all went well. */
  readonly complaint: string;
}

/**
 * Run what is traced as if it were not: its output without the launcher's complaints, and an end where a crash, or the wait
 * for the tracer, would go on for ever.
 *
 * @param run  runs the container with the streams that it is given
 * @throws TracerError TRACE_REFUSED, TRACER_AWAITED, TRACE_UNWRITTEN; whatever `run` throws
 */
export async function runTraced<Outcome extends { readonly exitStatus: number }>(
  { container, launch }: TracedContainer,
  streams: RunStreams,
  run: (streams: RunStreams) => Promise<Outcome>,
): Promise<Outcome & TracedEnd> {
  const { onOutput, finish } = withoutLauncherComplaint(streams.onOutput);
  const errors = watchTraceErrors();
  let watch: Promise<boolean> | undefined;
  const start = performance.now();
  const outcome = await run({
    ...streams,
    onOutput(chunk) {
      errors.see(chunk.stream, chunk.bytes);
      return onOutput(chunk);
    },
    onStarted() {
      watch = endStuck(container, launch.user, container.wait());
      streams.onStarted?.();
    },
  });
  const seconds = (performance.now() - start) / 1000;
  if (await watch) throw awaited();
  const complaint = await finish(outcome.exitStatus);
  requireTraced(complaint);
  requireWritten(errors);
  return { ...outcome, seconds, complaint: complaint.trim() };
}

function awaited(): TracerError {
  return new TracerError(
    'TRACER_AWAITED',
    'the command waits until it has no child left, and its tracer is one: it would wait for ever',
    { hint: 'Run it under an init (`init`), whose child the tracer is then.' },
  );
}

/** Without its tracer, the program itself runs all the same. */
function requireTraced(complaint: string): void {
  if (!/strace: (attach: |ptrace\()/.test(complaint)) return;
  const [reason] = complaint.trim().split('\n');
  throw new TracerError('TRACE_REFUSED', `strace may not trace in this container: ${reason}`, {
    hint: 'Leave out the seccomp or AppArmor profile that forbids ptrace, or allow it there; the tracer needs no other right.',
  });
}
