import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RerunContainer } from '@keepset/recorder';
import { type Content, toContent } from '@keepset/run-comparison';
import { openTrace } from '../trace-file/open-trace.js';
import { type ContainerDid, compareContainers } from './compare-containers.js';
import { type Matched, matchContainers } from './match-containers.js';
import type { RecordedFacts, Recording } from './recording.js';
import type { ProvedContainer } from './recording-proof.js';

/** A recording, and further runs of its command. */
export interface ProveRecordingOptions {
  /** Of the recording. */
  readonly folder: string;
  readonly recording: Recording;
  /** On the small images. */
  readonly now: readonly RerunContainer[];
  /** Further runs on the sources. Default none. */
  readonly samples?: readonly (readonly RerunContainer[])[];
  /** On this machine, empty. */
  readonly scratch: string;
}

/**
 * Hold each container of a run against the recording: its exit status, its output, and how its execs ended.
 *
 * @throws ShrinkError TRACE_FILE_INVALID  outputs of the recording cannot be read
 * @example
 * const recording = await readRecording('/tmp/recording');
 * await proveRecording({ folder: '/tmp/recording', recording, now: [], scratch: '/tmp/scratch' }) // []
 */
export async function proveRecording({
  folder,
  recording,
  now,
  samples = [],
  scratch,
}: ProveRecordingOptions): Promise<readonly ProvedContainer[]> {
  const { containers: recorded } = recording;
  const outputs = await readOutputs(folder, recording, scratch);
  const match = (ran: readonly RerunContainer[]) => matchContainers(recorded, ran.map(toMatched));
  const found = match(now);
  const inSamples = samples.map((ran) => ({ ran, found: match(ran) }));
  const proved: ProvedContainer[] = [];
  for (const [at, facts] of recorded.entries()) {
    const { number, name, image, command } = facts;
    const result = now[found.get(at) ?? -1];
    if (result === undefined) {
      const nothing = { isSmall: false, differences: [], varies: [] };
      proved.push({ number, name, image, command, verdict: 'missing', ...nothing });
      continue;
    }
    const further = inSamples.flatMap(({ ran, found }) => ran[found.get(at) ?? -1] ?? []);
    const { differences, varies } = await compareContainers(
      [toRecordedDid(facts, outputs.get(number)), ...further.map(toDid)],
      toDid(result),
    );
    const verdict = differences.length === 0 ? 'same' : 'differs';
    const isSmall = result.isSubstituted;
    proved.push({ number, name, image, command, verdict, isSmall, differences, varies });
  }
  const known = new Set(found.values());
  for (const [at, { number, name, image, run, isSubstituted }] of now.entries())
    if (!known.has(at))
      proved.push({
        ...{ number, name, image: image.reference, command: run.command },
        verdict: 'not recorded',
        isSmall: isSubstituted,
        differences: [],
        varies: [],
      });
  return proved;
}

function toMatched({ image, run }: RerunContainer): Matched {
  return { imageId: image.id, command: run.command };
}

function toDid({ exitStatus = undefined, output, execs }: RerunContainer): ContainerDid {
  return {
    exitStatus: exitStatus ?? null,
    ...output,
    execs: execs.map((exec) => ({ command: exec.command, exitStatus: exec.exitStatus ?? null })),
  };
}

type Outputs = Readonly<Record<'stdout' | 'stderr', Content>>;

function toRecordedDid({ exitStatus, execs, stdout, stderr }: RecordedFacts, saved?: Outputs): ContainerDid {
  // Of what was not executed, nothing was saved, and it printed nothing but the launcher's complaint.
  const unread = (bytes: RecordedFacts['stdout']): Content => ({ ...toContent(''), ...bytes });
  return {
    exitStatus,
    stdout: saved?.stdout ?? unread(stdout),
    stderr: saved?.stderr ?? unread(stderr),
    // How often the engine asks depends on how long it takes.
    execs: execs.filter(({ isHealthcheck }) => isHealthcheck !== true),
  };
}

/** What containers printed, by their numbers: trace files hold it. */
async function readOutputs(
  folder: string,
  { images }: Recording,
  scratch: string,
): Promise<ReadonlyMap<number, Outputs>> {
  const outputs = new Map<number, Outputs>();
  for (const [index, { traceFile }] of images.entries()) {
    if (traceFile === undefined) continue;
    const own = join(scratch, `trace-${index}`);
    await mkdir(own);
    const { runs } = await openTrace(join(folder, traceFile), own);
    // A run is named by its container's number, and what it is.
    for (const { run, output } of runs) outputs.set(Number.parseInt(run.name, 10), output);
  }
  return outputs;
}
