import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RerunContainer, RerunExec } from '@keepset/recorder';
import { type Content, toContent } from '@keepset/run-comparison';
import { openTrace, type SavedRun } from '../trace-file/open-trace.js';
import { type ContainerDid, compareContainers, type Printed } from './compare-containers.js';
import { type NamingRun, toMadeUpNames, withRecordedNames } from './made-up-names.js';
import { type Matched, matchContainers } from './match-containers.js';
import { printedUntil } from './printed-until.js';
import type { RecordedFacts, Recording } from './recording.js';
import type { ProvedContainer } from './recording-proof.js';

/** What a container did, traced or not. What the engine started in it has no output. */
export interface RanContainer extends Omit<RerunContainer, 'execs'> {
  readonly execs: readonly (Omit<RerunExec, 'output'> & Partial<Pick<RerunExec, 'output'>>)[];
}

/** A recording, and further runs of its command. */
export interface ProveRecordingOptions {
  /** Of the recording. */
  readonly folder: string;
  readonly recording: Recording;
  /** On the small images. */
  readonly now: readonly RanContainer[];
  /** Further runs on the sources. Default none. */
  readonly samples?: readonly (readonly RanContainer[])[];
  /** On this machine, empty. */
  readonly scratch: string;
}

/**
 * Hold each container of a run against the recording: its exit status, its output, and those of its execs.
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
  const saved = await readSaved(folder, recording, scratch);
  const match = (ran: readonly RanContainer[]) => matchContainers(recorded, ran.map(toMatched));
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
    const own = saved.get(number);
    const toOwnDid = (did: RanContainer) => toDid(did, own?.run);
    const { differences, varies } = await compareContainers(
      [toRecordedDid(facts, own), ...(await Promise.all(further.map(toOwnDid)))],
      await toOwnDid(result),
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

/** By what a container that ran is known again. */
export function toMatched({ image, run }: Pick<RerunContainer, 'image' | 'run'>): Matched {
  return { imageId: image.id, command: run.command };
}

/** @param recorded  by whose names of files it is told of; undefined: nothing was executed then */
async function toDid(
  { exitStatus = undefined, run, output, execs }: RanContainer,
  recorded: NamingRun | undefined,
): Promise<ContainerDid> {
  const names = recorded === undefined ? new Map() : toMadeUpNames(recorded, run);
  const renamed = async ({ stdout, stderr }: Printed): Promise<Printed> => ({
    stdout: await withRecordedNames(stdout, names),
    stderr: await withRecordedNames(stderr, names),
  });
  const { beforeEnd } = output;
  return {
    exitStatus: exitStatus ?? null,
    ...(await renamed(output)),
    ...(beforeEnd && { beforeEnd: async () => await renamed(await printedUntil(output, beforeEnd)) }),
    execs: await toExecsDid(execs, names),
  };
}

async function toExecsDid(
  execs: RanContainer['execs'],
  names: ReadonlyMap<string, string>,
): Promise<ContainerDid['execs']> {
  const did: ContainerDid['execs'][number][] = [];
  for (const { command, exitStatus: status = undefined, output } of execs)
    if (output !== undefined)
      did.push({
        command,
        exitStatus: status ?? null,
        stdout: await withRecordedNames(output.stdout, names),
        stderr: await withRecordedNames(output.stderr, names),
      });
  return did;
}

function toRecordedDid(
  { exitStatus, execs, stdout, stderr, beforeEnd }: RecordedFacts,
  saved: Pick<SavedRun, 'output' | 'steps'> | undefined,
): ContainerDid {
  // Of what was not executed, nothing was saved, and it printed nothing but the launcher's complaint.
  const unread = (bytes: Partial<RecordedFacts['stdout']> = {}): Content => ({ ...toContent(''), ...bytes });
  // How often the engine asks depends on how long it takes.
  const asked = execs.filter(({ isHealthcheck }) => isHealthcheck !== true);
  return {
    exitStatus,
    stdout: saved?.output.stdout ?? unread(stdout),
    stderr: saved?.output.stderr ?? unread(stderr),
    ...(saved && beforeEnd && { beforeEnd: () => printedUntil(saved.output, beforeEnd) }),
    execs: asked.map((exec, at) => ({
      command: exec.command,
      exitStatus: exec.exitStatus,
      stdout: saved?.steps[at]?.stdout ?? unread(exec.stdout),
      stderr: saved?.steps[at]?.stderr ?? unread(exec.stderr),
    })),
  };
}

/** What trace files hold of containers, by their numbers: what each was asked for, and printed. */
async function readSaved(
  folder: string,
  { images }: Recording,
  scratch: string,
): Promise<ReadonlyMap<number, Pick<SavedRun, 'run' | 'output' | 'steps'>>> {
  const saved = new Map<number, Pick<SavedRun, 'run' | 'output' | 'steps'>>();
  for (const [index, { traceFile }] of images.entries()) {
    if (traceFile === undefined) continue;
    const own = join(scratch, `trace-${index}`);
    await mkdir(own);
    const { runs } = await openTrace(join(folder, traceFile), own);
    // A run is named by its container's number, and what it is.
    for (const each of runs) saved.set(Number.parseInt(each.run.name, 10), each);
  }
  return saved;
}
