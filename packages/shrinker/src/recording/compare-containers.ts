import {
  type Comparison,
  type Content,
  compareRuns,
  type Difference,
  type RunOutcome,
  toContent,
} from '@keepset/run-comparison';
import type { ContainerDifference } from './recording-proof.js';

/** What a program printed. */
export interface Printed {
  readonly stdout: Content;
  readonly stderr: Content;
}

/** What a program did, in one run of the command. */
interface ProgramDid extends Printed {
  /** Null: it did not end, or was not started. */
  readonly exitStatus: number | null;
}

/** What a container did, in one run of the command. */
export interface ContainerDid extends ProgramDid {
  /** What it had printed when a client asked it to end. Absent: nobody did. */
  readonly beforeEnd?: () => Promise<Printed>;
  /** Programs beside process 1 that a client started, in order, with what it was sent of each. */
  readonly execs: readonly (ProgramDid & { readonly command: readonly string[] })[];
}

/** What of a container is not as it was. */
export interface ContainerComparison {
  readonly differences: readonly ContainerDifference[];
  /** Where runs on the sources differ among themselves, or nobody can say what would be the same. */
  readonly varies: readonly string[];
}

const STREAMS = ['stdout', 'stderr'] as const;
/** Of what is larger, only the hash is whole. */
const WHOLE_BYTES_MAX = 16 * 1024 * 1024;
/** No program ends with it. */
const NOT_ENDED = -1;
const EMPTY = toContent('');

type Samples = readonly [ContainerDid, ...ContainerDid[]];

/**
 * Hold what a container did against what it did on its source. What it prints once a client has asked it to end depends on
 * how far its neighbours are with theirs: where that differs, it is named and not compared.
 *
 * @param samples  at least one: the recording comes first, and says which execs are compared
 */
export async function compareContainers(samples: Samples, now: ContainerDid): Promise<ContainerComparison> {
  const whole = await compareWhole(samples, now);
  const printed = whole.differences.filter(
    ({ where, exec }) => where !== 'exit status' && exec === undefined,
  );
  const isAsked = [...samples, now].every(({ beforeEnd }) => beforeEnd !== undefined);
  if (printed.length === 0 || printed.length < whole.differences.length || !isAsked) return whole;
  const [first, ...others] = samples;
  const before = await compareWhole(
    [await untilEnd(first), ...(await Promise.all(others.map(untilEnd)))],
    await untilEnd(now),
  );
  if (before.differences.length > 0) return whole;
  const left = printed.map(({ where }) => `${where} after it was asked to end`);
  return { differences: [], varies: [...new Set([...before.varies, ...left])] };
}

async function untilEnd(did: ContainerDid): Promise<ContainerDid> {
  return { ...did, ...(await did.beforeEnd?.()) };
}

async function compareWhole(samples: Samples, now: ContainerDid): Promise<ContainerComparison> {
  const commands = samples[0].execs.map(({ command }) => command);
  const known = [
    withExecs(samples[0], commands),
    ...samples.slice(1).map((did) => withExecs(did, commands)),
  ] as const;
  const result = withExecs(now, commands);
  const large = findLarge([...known, result], commands);
  const outcome = (did: ContainerDid) => toOutcome(did, large);
  const comparison = await compareRuns(known.map(outcome), outcome(result));
  return {
    differences: [
      ...comparison.differences.map(toDifference),
      ...unsteadyStatuses(known, result),
      ...large.flatMap((place) => compareHashes(place, known, result)),
    ],
    varies: toVarying(comparison),
  };
}

/** A service is ended by its client, sometimes before it has ended itself: KILL, TERM. */
const STOPPED: ReadonlySet<number | null> = new Set([137, 143]);

/** What ends in several ways on the sources proves nothing where it does not end as it was recorded. */
function unsteadyStatuses(known: Samples, now: ContainerDid): readonly ContainerDifference[] {
  const [recorded] = known;
  const places = [undefined, ...recorded.execs.keys()];
  return places.flatMap((at) => {
    const statusOf = (did: ContainerDid) => (at === undefined ? did : did.execs[at])?.exitStatus ?? null;
    const [was, is] = [statusOf(recorded), statusOf(now)];
    // A status that no sample has is a difference already.
    if (was === is || !known.some((did) => statusOf(did) === is)) return [];
    if (at === undefined && STOPPED.has(is)) return [];
    const exec = at === undefined ? undefined : recorded.execs[at]?.command.join(' ');
    return [{ where: 'exit status' as const, ...ofExec(exec), recorded: was, now: is }];
  });
}

/** With its execs in the order of the recording's; of what was not run, nothing is known. */
function withExecs(did: ContainerDid, commands: readonly (readonly string[])[]): ContainerDid {
  const left = [...did.execs];
  const take = (command: readonly string[]) => {
    const at = left.findIndex((each) => each.command.join('\0') === command.join('\0'));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const nothing = { exitStatus: null, stdout: EMPTY, stderr: EMPTY };
  return { ...did, execs: commands.map((command) => take(command) ?? { command, ...nothing }) };
}

/** One stream of a container, or of one of its execs. */
interface StreamPlace {
  readonly stream: (typeof STREAMS)[number];
  /** Of the execs; undefined: process 1. */
  readonly at?: number;
}

function contentAt(did: ContainerDid, { stream, at }: StreamPlace): Content {
  return (at === undefined ? did : did.execs[at])?.[stream] ?? EMPTY;
}

/** What is too large to be compared line by line, in one of the runs. */
function findLarge(all: readonly ContainerDid[], commands: readonly unknown[]): readonly StreamPlace[] {
  const places: readonly StreamPlace[] = [
    ...STREAMS.map((stream) => ({ stream })),
    ...commands.flatMap((_, at) => STREAMS.map((stream) => ({ stream, at }))),
  ];
  return places.filter((place) => all.some((did) => contentAt(did, place).sizeBytes > WHOLE_BYTES_MAX));
}

function toOutcome(did: ContainerDid, large: readonly StreamPlace[]): RunOutcome {
  const small = (stream: StreamPlace['stream'], at?: number) =>
    large.some((place) => place.stream === stream && place.at === at)
      ? EMPTY
      : contentAt(did, { stream, ...(at !== undefined && { at }) });
  return {
    exitStatus: did.exitStatus ?? NOT_ENDED,
    stdout: small('stdout'),
    stderr: small('stderr'),
    steps: did.execs.map(({ command, exitStatus }, at) => ({
      name: command.join(' '),
      exitStatus: exitStatus ?? NOT_ENDED,
      stdout: small('stdout', at),
      stderr: small('stderr', at),
    })),
    files: new Map(),
  };
}

function toDifference(difference: Difference): ContainerDifference {
  const { kind } = difference;
  if (kind === 'output') {
    const { stream, step, line, source, result } = difference;
    return { where: stream, ...ofExec(step), line, recorded: toText(source), now: toText(result) };
  }
  if (kind === 'exit-status') {
    const { step, source, result } = difference;
    return { where: 'exit status', ...ofExec(step), recorded: toStatus(source), now: toStatus(result) };
  }
  throw new Error(`a container has no ${kind}`);
}

function ofExec(step: string | undefined): Pick<ContainerDifference, 'exec'> {
  return step === undefined ? {} : { exec: step };
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
  place: StreamPlace,
  samples: readonly ContainerDid[],
  now: ContainerDid,
): readonly ContainerDifference[] {
  const result = contentAt(now, place);
  if (samples.some((each) => contentAt(each, place).sha256 === result.sha256)) return [];
  const describe = ({ sizeBytes, sha256 }: Content) => `${sizeBytes} bytes, sha256 ${sha256}`;
  const [first] = samples;
  return [
    {
      where: place.stream,
      ...ofExec(place.at === undefined ? undefined : now.execs[place.at]?.command.join(' ')),
      recorded: first === undefined ? null : describe(contentAt(first, place)),
      now: describe(result),
    },
  ];
}

function toVarying({ masked, notCompared }: Comparison): readonly string[] {
  const places = [...masked, ...notCompared].map(({ where }) => {
    if (typeof where === 'string') return where;
    return 'step' in where ? `${where.aspect} of ${where.step}` : where.path;
  });
  return [...new Set(places)];
}
