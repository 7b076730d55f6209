import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
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
import { readTextFile } from '../../inputs/read-text-file.js';
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
import { plainLine } from '../../terminal/plain-text.js';
import { describeDifference, describeRepair } from '../../terminal/proof-text.js';
import { rowsText } from '../../terminal/recording-text.js';
import { VERSION } from '../../version.js';
import { findCompose, readService } from './compose.js';
import { OF_ONE_RUN, requireNone } from './of-one-run.js';
import { type Client, openProver, type ProverOptions, withAnswers } from './open-prover.js';
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
  readTextFile(file, '--compose');
  const compose = await findCompose({ file, project }, console);
  const config = await compose.run(['config'], address.text, console.signal);
  const composed = readService(config, name ?? '', project);
  // A signal ends what runs; what was started is taken down all the same.
  await using engine = await engineOf({ ...console, signal: new AbortController().signal });
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  const temporary = `keepset-${project.slice(-8)}:small`;
  try {
    const stack: StackOptions = {
      ...{ engine, address: address.text, compose, name: name ?? '', service, folder: scratch, toolbox },
      ...composed,
    };
    const folder = join(scratch, 'recording');
    const place: Place = { engine, address, folder, scratch, toolbox: options.toolbox };
    const say = (text: string) => {
      if (!quiet && !json) console.writeError(`keepset: ${plainLine(text)}\n`);
    };
    say(`${name} of ${file} is recorded, beside the other services`);
    const { recording, again } = await recordService(stack, place, console);
    say('a small image is made of what it used');
    const making = { folder, recording, made, toolbox, created, temporary, tags, strict: options.strict };
    const small = await makeSmall(engine, making);
    if (options.verify) say('the stack is started with it');
    const images = { images: [small], options: made };
    const proved = { recording, images, small, isRepaired: options.repair !== 0 };
    const outcome = options.verify
      ? await proveService({ ...stack, service: again }, place, proved, console)
      : undefined;
    const result = outcome?.images.find((each): each is Made => 'result' in each) ?? small;
    for (const tag of tags) await engine.tagImage(result.result.id, parseTagReference(tag));
    if (manifestFile !== undefined) await copyFile(join(folder, result.result.manifest), manifestFile);
    if (quiet) await console.writeOut(`${result.result.id}\n`);
    else if (json) await console.writeOut(`${JSON.stringify(toJson(result, tags, outcome?.proof))}\n`);
    else console.writeError(toText(result, tags, outcome?.proof));
  } finally {
    await engine.removeImage(temporary);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where the recording of a service is made, and proved. */
interface Place extends Pick<ProverOptions, 'engine' | 'address' | 'folder' | 'scratch' | 'toolbox'> {}

function isOf({ name }: Pick<StackOptions, 'name'>): NonNullable<ProverOptions['concerns']> {
  return (labels) => labels[SERVICE_LABEL] === name;
}

/** @returns and what it is asked from now on */
async function recordService(
  stack: StackOptions,
  { engine, address, folder, scratch }: Place,
  console: Console,
): Promise<{ readonly recording: Recording; readonly again: StackOptions['service'] }> {
  const own = { address, folder: await mkdtemp(join(scratch, 'recorded-')), owner: ownerHere() };
  const { toolbox, name, service, compose } = stack;
  await using recorder = await openRecorder(engine, { ...own, toolbox, concerns: isOf(stack) });
  const answers = await askStack(recorder.address, stack, console);
  await requireAnswered(answers);
  const recorded = withOutside(await recorder.finish(), toExecs(answers));
  requireTraced(recorded, name);
  const told = { version: VERSION, program: compose.name, exitStatus: 0, scratch };
  return {
    recording: await writeRecording(folder, recorded, told),
    again: askedAgain(service, answers),
  };
}

/** @throws ShrinkError VERIFICATION_FAILED */
async function proveService(
  stack: StackOptions,
  place: Place,
  {
    recording,
    images,
    small,
    isRepaired,
  }: {
    readonly recording: Recording;
    readonly images: SmallImages;
    readonly small: Made;
    readonly isRepaired: boolean;
  },
  console: Console,
): Promise<RepairOutcome> {
  const client: Client = async (proxy) => {
    const answers = await askStack(proxy, stack, console);
    // A start at which not all was asked is no sample, and proves nothing.
    return { exitStatus: answers.failure === undefined ? 0 : 1, answers: toExecs(answers) };
  };
  const proving = { ...place, recording, client, concerns: isOf(stack), samplesMax: SAMPLES_MAX };
  const prover = openProver(proving, console);
  const substitutes = new Map([[small.source.id, small.result.id]]);
  const proof = await prover.prove(substitutes);
  if (proof.holds) return { proof, images: images.images };
  if (!isRepaired) throw refusal(proof, undefined);
  const start = { ...place, recording, proof, substitutes, small: images };
  const outcome = await repairImages(place.engine, prover, start, console);
  if (!outcome.proof.holds) throw refusal(outcome.proof, outcome.refusal);
  return outcome;
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
  requireNone(options, OF_PROOF, (option) => [
    `--${option} does not go with --compose`,
    'Leave it out: all that the service prints and answers in the stack is compared.',
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

/** What a stack's proof has no part in, by the options' names. */
const OF_PROOF = [
  ...[
    'checks',
    'reference',
    'allow-flaky',
    'write-mounts',
    'copy-mounts-max',
    'ignore-output',
    'ignore-file',
  ],
] as const;
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
  return { ...recorded, containers: withAnswers(recorded.containers, outside) };
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
    strict = false,
  }: {
    readonly folder: string;
    readonly recording: Recording;
    readonly made: SmallImages['options'];
    readonly toolbox: StackOptions['toolbox'];
    readonly created: string | undefined;
    readonly temporary: string;
    readonly tags: readonly string[];
    readonly strict: boolean | undefined;
  },
): Promise<Made> {
  const request = {
    ...{ folder, recording, ...made, version: VERSION, toolbox, inventory: true },
    ...(strict && { strict }),
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
