import {
  type Comparison,
  type Content,
  compareRuns,
  type Difference,
  type RunOutcome,
  toContent,
} from '@keepset/run-comparison';
import type { ContainerDifference } from './recording-proof.js';

/** What a container did, in one run of the command. */
export interface ContainerDid {
  /** Null: it did not end, or was not started. */
  readonly exitStatus: number | null;
  readonly stdout: Content;
  readonly stderr: Content;
  readonly execs: readonly { readonly command: readonly string[]; readonly exitStatus: number | null }[];
}

/** What of a container is not as it was. */
export interface ContainerComparison {
  readonly differences: readonly ContainerDifference[];
  /** Where runs on the sources differ among themselves. */
  readonly varies: readonly string[];
}

const STREAMS = ['stdout', 'stderr'] as const;
/** Of what is larger, only the hash is whole. */
const WHOLE_BYTES_MAX = 16 * 1024 * 1024;
/** No program ends with it. */
const NOT_ENDED = -1;
const EMPTY = toContent('');

/**
 * Hold what a container did against what it did on its source.
 *
 * @param samples  at least one: the recording comes first, and says which execs are compared
 */
export async function compareContainers(
  samples: readonly [ContainerDid, ...ContainerDid[]],
  now: ContainerDid,
): Promise<ContainerComparison> {
  const large = STREAMS.filter((stream) =>
    [...samples, now].some((each) => each[stream].sizeBytes > WHOLE_BYTES_MAX),
  );
  const [recorded] = samples;
  const commands = recorded.execs.map(({ command }) => command);
  const outcome = (did: ContainerDid) => toOutcome(did, commands, large);
  const comparison = await compareRuns(samples.map(outcome), outcome(now));
  return {
    differences: [
      ...comparison.differences.map(toDifference),
      ...large.flatMap((stream) => compareHashes(stream, samples, now)),
    ],
    varies: toVarying(comparison),
  };
}

function toOutcome(
  { exitStatus, stdout, stderr, execs }: ContainerDid,
  commands: readonly (readonly string[])[],
  large: readonly (typeof STREAMS)[number][],
): RunOutcome {
  const left = [...execs];
  const take = (command: readonly string[]) => {
    const at = left.findIndex((each) => each.command.join('\0') === command.join('\0'));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  return {
    exitStatus: exitStatus ?? NOT_ENDED,
    stdout: large.includes('stdout') ? EMPTY : stdout,
    stderr: large.includes('stderr') ? EMPTY : stderr,
    steps: commands.map((command) => ({
      name: command.join(' '),
      exitStatus: take(command)?.exitStatus ?? NOT_ENDED,
      stdout: EMPTY,
      stderr: EMPTY,
    })),
    files: new Map(),
  };
}

function toDifference(difference: Difference): ContainerDifference {
  const { kind } = difference;
  if (kind === 'output') {
    const { stream, line, source, result } = difference;
    return { where: stream, line, recorded: toText(source), now: toText(result) };
  }
  if (kind === 'exit-status') {
    const { step, source, result } = difference;
    const exec = step === undefined ? {} : { exec: step };
    return { where: 'exit status', ...exec, recorded: toStatus(source), now: toStatus(result) };
  }
  throw new Error(`a container has no ${kind}`);
}

function toStatus(status: number | undefined): number | null {
  return status === undefined || status === NOT_ENDED ? null : status;
}

const SHOWN_CHARACTERS_MAX = 1000;

/** @param bytes  a byte string */
function toText(bytes: string | undefined): string | null {
  if (bytes === undefined) return null;
  return Buffer.from(bytes, 'latin1').toString('utf8').slice(0, SHOWN_CHARACTERS_MAX);
}

function compareHashes(
  where: (typeof STREAMS)[number],
  samples: readonly ContainerDid[],
  now: ContainerDid,
): readonly ContainerDifference[] {
  if (samples.some((each) => each[where].sha256 === now[where].sha256)) return [];
  const describe = (did: ContainerDid | undefined) =>
    did === undefined ? null : `${did[where].sizeBytes} bytes, sha256 ${did[where].sha256}`;
  return [{ where, recorded: describe(samples[0]), now: describe(now) }];
}

function toVarying({ masked, notCompared }: Comparison): readonly string[] {
  const places = [...masked, ...notCompared].map(({ where }) => {
    if (typeof where === 'string') return where;
    return 'step' in where ? `${where.aspect} of ${where.step}` : where.path;
  });
  return [...new Set(places)];
}
