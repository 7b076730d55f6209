import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, parseTagReference } from '@keepset/docker-engine';
import { openRecorder, type Recorded } from '@keepset/recorder';
import {
  type Recording,
  type RecordingProof,
  requireAnswered,
  ShrinkError,
  type SmallImage,
  type SmallImages,
  shrinkRecording,
  writeRecording,
  writeSmallImages,
} from '@keepset/shrinker';
import type { SHRINK } from '../../definitions/shrink.js';
import { createdOf } from '../../inputs/created-of.js';
import { engineOf } from '../../inputs/engine-of.js';
import { requireWritable } from '../../inputs/require-writable.js';
import { ownerHere } from '../../inputs/session-folder.js';
import { toKeepOptions } from '../../inputs/to-keep-options.js';
import { toService } from '../../inputs/to-service.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { RUN_OPTIONS } from '../../options/run-options.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { formatBytes } from '../../terminal/format-bytes.js';
import { createProgress } from '../../terminal/progress.js';
import { describeDifference, describeRepair } from '../../terminal/proof-text.js';
import { rowsText } from '../../terminal/recording-text.js';
import { VERSION } from '../../version.js';
import { findCompose, readService } from './compose.js';
import { OF_ONE_RUN, requireNone } from './of-one-run.js';
import { type Client, openProver } from './open-prover.js';
import { type RepairOutcome, repairImages } from './repair-images.js';
import { socketAddress } from './socket-address.js';
import { askedAgain, askStack, type StackOptions, toExecs } from './stack.js';
import { writeSmallImage } from './write-small-image.js';

type ShrinkLine = CommandLineOf<typeof SHRINK>;
type Made = Extract<SmallImage, { result: unknown }>;

/** By which docker-compose knows the containers of a service. */
const SERVICE_LABEL = 'com.docker.compose.service';
/** Further runs on the source, where something varies. */
const SAMPLES_MAX = 2;

/** `keepset shrink --compose FILE --service NAME`: one service of a stack, recorded and proved beside the others. */
export async function shrinkComposed(
  file: string,
  { options, operands }: ShrinkLine,
  console: Console,
): Promise<undefined> {
  const { service: name, tag: tags, manifest: manifestFile, quiet = false, json = false } = options;
  const service = requireFitting(options, operands);
  for (const tag of tags) parseTagReference(tag);
  requireWritable(manifestFile, '--manifest');
  const { options: keep } = toKeepOptions(options);
  const { layers, metadata, builder } = options;
  const made = { keep, layers, metadata, builder };
  const toolbox = toolboxOptions(options.toolbox, console);
  const created = createdOf(console.environment.SOURCE_DATE_EPOCH);
  const address = socketAddress(console);
  const project = `keepset-${randomBytes(4).toString('hex')}`;
  const compose = await findCompose({ file, project }, console);
  const composed = readService(await compose.run(['config'], address.text, console.signal), name ?? '');
  const progress = await createProgress(console, quiet || json);
  // A signal ends what runs; what was started is taken down all the same.
  await using engine = await engineOf({ ...console, signal: new AbortController().signal });
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  const temporary = `keepset-${project.slice(-8)}:small`;
  try {
    const stack: StackOptions = {
      ...{ engine, compose, name: name ?? '', service, folder: scratch, toolbox },
      ...composed,
    };
    const concerns = (labels: Readonly<Record<string, string>>) => labels[SERVICE_LABEL] === name;
    const say = (text: string) => {
      if (!quiet && !json) console.writeError(`keepset: ${text}\n`);
    };
    const folder = join(scratch, 'recording');
    say(`${name} of ${file} is recorded, beside the other services`);
    const owner = ownerHere();
    const { recorded, again } = await (async () => {
      const own = { address, folder: await newFolder(scratch), owner, toolbox, concerns };
      await using recorder = await openRecorder(engine, own);
      const answers = await askStack(recorder.address, stack, console);
      await requireAnswered(answers);
      return {
        recorded: withOutside(await recorder.finish(), toExecs(answers)),
        again: askedAgain(service, answers),
      };
    })();
    requireTraced(recorded, name ?? '');
    const recording = await writeRecording(folder, recorded, {
      ...{ version: VERSION, program: compose.name, exitStatus: 0, scratch },
    });
    say('a small image is made of what it used');
    const making = { folder, recording, made, toolbox, created, temporary, tags };
    const small = await makeSmall(engine, making);
    const client: Client = async (proxy) => {
      const answers = await askStack(proxy, { ...stack, service: again }, console);
      return { exitStatus: 0, answers: toExecs(answers) };
    };
    const prover = openProver(
      {
        ...{ engine, address, folder, recording, client, concerns, scratch },
        ...{ samplesMax: SAMPLES_MAX, toolbox: options.toolbox },
      },
      console,
    );
    let outcome: RepairOutcome | undefined;
    if (options.verify) {
      say('the stack is started with it');
      const substitutes = new Map([[small.source.id, small.result.id]]);
      const proof = await prover.prove(substitutes);
      const start = {
        ...{ folder, recording, proof, substitutes, scratch, toolbox: options.toolbox },
        small: { images: [small], options: made },
      };
      outcome = proof.holds ? { proof, images: [small] } : await repairImages(engine, prover, start, console);
      if (!outcome.proof.holds) throw refusal(outcome.proof, outcome.refusal);
    }
    const result = outcome?.images.find((each): each is Made => 'result' in each) ?? small;
    for (const tag of tags) await engine.tagImage(result.result.id, parseTagReference(tag));
    if (manifestFile !== undefined) await copyFile(join(folder, result.result.manifest), manifestFile);
    if (quiet) await console.writeOut(`${result.result.id}\n`);
    else if (json) await console.writeOut(`${JSON.stringify(toJson(result, tags, outcome?.proof))}\n`);
    else console.writeError(toText(result, tags, outcome?.proof));
  } finally {
    progress.clear();
    await engine.removeImage(temporary);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function newFolder(scratch: string): Promise<string> {
  const folder = join(scratch, 'recorded');
  await mkdir(folder);
  return folder;
}

/** @throws UsageError */
function requireFitting(options: ShrinkLine['options'], operands: readonly string[]) {
  const { service: name, tag: tags } = options;
  if (name === undefined)
    throw new UsageError('--compose shrinks one service, and none is named', 'Add --service NAME.');
  if (operands[0] !== undefined)
    throw new UsageError(
      `unexpected argument '${operands[0]}': --compose says what runs, in which image`,
      'Leave it out.',
    );
  if (tags.length === 0) throw new UsageError('the result has no name', 'Give one with -t NAME[:TAG].');
  const others = OF_ONE_RUN.filter((each) => !ALLOWED.has(each));
  requireNone(options, [...others, ...Object.keys(RUN_OPTIONS.options), 'suffix', 'trust'], (option) => [
    `--${option} does not go with --compose`,
    'Leave it out: docker-compose says how services run.',
  ]);
  if (options.ready.includes('healthy'))
    throw new UsageError(
      '--ready healthy does not go with --compose: its HEALTHCHECK is the engine’s to run there',
      'Name another sign: --ready port=80, http=/path, log=REGEX.',
    );
  const service = toService(options);
  if (service === undefined)
    throw new UsageError(
      '--compose asks the service something, and stops it then; nothing is to be asked',
      "Say what: --http /, --probe 'COMMAND', --exec 'COMMAND'.",
    );
  return service;
}

const ALLOWED: ReadonlySet<string> = new Set(['tag', 'manifest', 'http', 'exec', 'probe', 'ready']);

/** @throws ShrinkError NOT_TRACED */
function requireTraced({ containers, untraced }: Recorded, name: string): void {
  const [first] = untraced;
  if (first !== undefined)
    throw new ShrinkError('COMMAND_FAILED', `${name} cannot be traced: ${first.reason}`);
  if (containers.length === 0) throw new ShrinkError('COMMAND_FAILED', `${name} was not started`);
}

function withOutside(recorded: Recorded, answers: ReturnType<typeof toExecs>): Recorded {
  const outside = answers.map(({ exitStatus = -1, ...answer }) => ({
    ...{ ...answer, exitStatus, isLaunched: false },
    async *read() {},
  }));
  const [first, ...others] = recorded.containers;
  if (first === undefined) return recorded;
  return { ...recorded, containers: [{ ...first, execs: [...first.execs, ...outside] }, ...others] };
}

async function makeSmall(
  engine: Engine,
  {
    folder,
    recording,
    made,
    toolbox,
    created,
    temporary,
    tags,
  }: {
    readonly folder: string;
    readonly recording: Recording;
    readonly made: SmallImages['options'];
    readonly toolbox: StackOptions['toolbox'];
    readonly created: string | undefined;
    readonly temporary: string;
    readonly tags: readonly string[];
  },
): Promise<Made> {
  const request = {
    ...{ folder, recording, ...made, version: VERSION, toolbox, inventory: true },
    tagsOf: () => [temporary],
    ...(created !== undefined && { created }),
  };
  for await (const each of shrinkRecording(engine, request, { onOutput() {}, onEvent() {} })) {
    const small = await writeSmallImage(folder, { ...each, ...('result' in each && { tags }) });
    if (!('result' in small))
      throw new ShrinkError('COMMAND_FAILED', `no small image was made: ${small.reason}`);
    await writeSmallImages(folder, { images: [small], options: made });
    return small;
  }
  throw new ShrinkError('COMMAND_FAILED', 'nothing of it was executed');
}

function refusal(proof: RecordingProof, why: string | undefined): ShrinkError {
  const differences = proof.containers.flatMap((each) => each.differences);
  const [first] = differences;
  const more = differences.length > 1 ? `; and ${differences.length - 1} more` : '';
  const what = first === undefined ? 'a container of it is missing' : describeDifference(first);
  return new ShrinkError(
    'VERIFICATION_FAILED',
    `in the stack the small image does not behave as the source: ${what}${more}${why === undefined ? '' : ` (${why})`}`,
    { facts: { isComposed: 'yes' }, hint: 'It was not named. Say what must stay.' },
  );
}

function toJson(
  { source, result }: Made,
  tags: readonly string[],
  proof: RecordingProof | undefined,
): object {
  return {
    id: result.id,
    tags,
    sourceBytes: source.sizeBytes,
    resultBytes: result.sizeBytes,
    verified: proof?.holds === true,
    ...(proof && { samples: proof.samples, repairs: proof.repairs ?? [] }),
  };
}

function toText(
  { source, result }: Made,
  tags: readonly string[],
  proof: RecordingProof | undefined,
): string {
  const varying = proof?.containers.flatMap(({ varies }) => varies) ?? [];
  return rowsText([
    ['image', `${tags.join(', ')}: ${formatBytes(source.sizeBytes)} → ${formatBytes(result.sizeBytes)}`],
    [
      'verified',
      proof === undefined
        ? 'no: it was not run'
        : 'yes: in the stack, the same exit status, output and answers as the source',
    ],
    ...(varying.length > 0
      ? ([['varies', `${[...new Set(varying)].join(', ')}: the rest of it is the same`]] as const)
      : []),
    ...(proof?.repairs ?? []).map((each) => ['repaired', describeRepair(each)] as const),
  ]);
}
