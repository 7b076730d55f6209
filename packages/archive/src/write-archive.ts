import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Engine } from '@keepset/docker-engine';
import { type Attach, writeOutput } from '@keepset/image-builder';
import { formatKeepList } from '@keepset/keep-planner';
import {
  readManifest,
  type SigningKey,
  type StoredManifest,
  toAttached,
  toProvenance,
  toStatement,
  writeBill,
  writeCitations,
} from '@keepset/manifest';
import type { RunOutcome } from '@keepset/run-comparison';
import { type SampleOptions, type ShrinkEvent, sampleRuns } from '@keepset/shrinker';
import { parse } from 'yaml';
import { ArchiveError } from './archive-error.js';
import { listFolder } from './contents/list-folder.js';
import { type PackedFile, packTar, packZip } from './contents/pack-contents.js';
import { plainName } from './contents/plain-name.js';
import { type Clock, createClock, timeZoneOf } from './dates/clock.js';
import { bagTexts, SIGNATURE, TAG_SUMS } from './deposit/bag.js';
import type {
  Deposit,
  DepositFile,
  DepositImage,
  DepositMetadata,
  DepositRemainder,
  DepositRun,
  ExpectedSample,
  UsedSoftware,
} from './deposit/deposit.js';
import { depositTexts, fileOf, SCRIPTS, sorted } from './deposit/deposit-texts.js';
import { createRecorder } from './expected/record-samples.js';
import { withoutInputs } from './expected/without-inputs.js';
import { joinLayouts } from './image/join-layouts.js';
import { type SpooledImage, spoolImage } from './image/spool-image.js';
import { type PlannedRun, planRun } from './plan-run.js';
import { toRun } from './to-run.js';

/** What goes into a deposit, and where it goes. */
export interface WriteArchiveOptions {
  /** Files that `writeManifest` wrote, at least one. Their images must be in the engine. */
  readonly manifests: readonly string[];
  /**
   * The runs are those of a recording, where more may have gone on beside them: one that does otherwise alone, or has not
   * ended after so many seconds, is not replayed, and the deposit says why. Absent: it must do as its manifest says.
   */
  readonly recordedSecondsMax?: number;
  /**
   * Name or id of an image of the engine that a shrink made beside the result, of the rest of its source: the deposit has
   * it as well. For one manifest. Default none.
   */
  readonly remainder?: string;
  /** A new folder; or a file that ends with .zip or .tar. */
  readonly destination: string;
  /** Default: named after the image, by anonymous. */
  readonly metadata?: DepositMetadata;
  /** Folders that runs have mounted, of which the deposit is to have copies. Default none. */
  readonly inputs?: readonly string[];
  /** NAME=value of variables that runs were given: a manifest does not tell their values. */
  readonly variables?: readonly string[];
  /** What is larger, of what runs gave, is known by its hash alone. Default 64 MiB. */
  readonly contentBytesMax?: number;
  /** ISO 8601. Default: that of the image. */
  readonly created?: string;
  /** Milliseconds since 1970: what the clock of the runs shows. Default: this machine's. */
  readonly now?: () => number;
  readonly toolbox?: SampleOptions['toolbox'];
  /** Signs the list of checksums of all lists of checksums, and what is said of the image. Default: nothing is signed. */
  readonly signingKey?: SigningKey;
  /** Of keepset. */
  readonly version: string;
}

/** A deposit that was written. */
export interface WrittenArchive {
  readonly files: number;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** Of the images in it, compressed. */
  readonly imageBytes: number;
  /** sha256:… of each image's manifest. */
  readonly manifestDigests: readonly string[];
  readonly runs: readonly DepositRun[];
}

/** After SIGINT, SIGKILL and SIGTERM: no run does that to itself. */
const STOPPED: ReadonlySet<number> = new Set([130, 137, 143]);

const CONTENT_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Write a deposit: the images of manifests, what their runs give now, and all that tells of them. Each run is run again,
 * without a network. It appears whole or not at all. Runs of several manifests that have one name get that of their image
 * behind it.
 *
 * @throws ArchiveError ARCHIVE_NO_IMAGE, ARCHIVE_RUN_DIFFERS, ARCHIVE_BAD_INPUT, ARCHIVE_NOT_WRITTEN
 * @throws ManifestError, EngineError, ShrinkError, ToolboxError, BuildError
 */
export async function writeArchive(
  engine: Engine,
  options: WriteArchiveOptions,
  streams: { readonly onEvent: (event: ShrinkEvent) => void },
): Promise<WrittenArchive> {
  const destination = resolve(options.destination);
  await requireFree(destination);
  const parts: DepositPart[] = [];
  for (const file of options.manifests) {
    const manifest = await readManifest(file, { side: 'kept' });
    const planned = manifest.runs.map((run) => ({
      ...planRun(run, options.variables ?? []),
      ...(options.recordedSecondsMax !== undefined &&
        STOPPED.has(run.exitStatus ?? 0) && { notReplayed: 'it was stopped when it was recorded' }),
    }));
    parts.push({ file, manifest, planned, id: await imageOf(engine, manifest) });
  }
  const named = withOwnNames(parts);
  const isOfOne = named.length === 1;
  const rest = await restOf(engine, options);
  const staging = join(dirname(destination), `.keepset-${randomBytes(6).toString('hex')}.partial`);
  const scratch = await mkdtemp(join(tmpdir(), 'keepset-'));
  try {
    const data = join(staging, 'data');
    await mkdir(data, { recursive: true }).catch((cause) => {
      throw notWritten(destination, cause);
    });
    const all = named.flatMap(({ planned }) => planned);
    const inputs = await copyInputs(all, options.inputs ?? [], data);
    const images: DepositImage[] = [];
    const runs: DepositRun[] = [];
    const times: string[] = [];
    const layouts = named.map((_, place) => join(staging, `layout-${place}`));
    for (const [place, { file, manifest, planned, id }] of named.entries()) {
      const number = isOfOne ? '' : `-${place + 1}`;
      const folder = await mkdtemp(join(scratch, 'image-'));
      const layout = layouts[place] as string;
      const spooled = await spoolImage(engine, id, folder);
      const { config } = spooled;
      // What is compressed here need not wait for what runs there.
      const [manifestDigest, own] = await allEnded([
        writeImage(spooled, layout, manifest, options),
        sampleAll(
          engine,
          { id, config, manifest, planned, first: runs.length, inputs, data, options },
          streams,
        ),
        compress(file, join(data, `manifest${number}.json.gz`)),
      ]);
      await writeFile(join(data, `keep${number}.txt`), formatKeepList(manifest.keptPaths));
      const remainder = rest && (await writeRemainder(engine, rest, { spooled, layout, folder }));
      const layers = await layersOf(layout);
      images.push({
        ...toImage(manifest, spooled, { id, manifestDigest, layers }),
        ...(remainder && { remainder }),
      });
      runs.push(...own.map((run) => (isOfOne ? run : { ...run, image: place })));
      times.push(createdOf(spooled));
      await rm(folder, { recursive: true });
    }
    await joinLayouts(
      layouts.flatMap((each) => (rest ? [each, restLayout(each)] : [each])),
      join(data, 'image'),
    );
    const deposit: Deposit = {
      metadata: options.metadata ?? defaultMetadata(named),
      images,
      runs,
      software: await softwareOfAll(named),
      files: await listFolder(data),
      created: options.created ?? (times.sort().at(-1) as string),
      toolVersion: options.version,
      ...(options.signingKey && { signature: options.signingKey.kind }),
    };
    const packed = await writeTexts(deposit, staging, options.signingKey);
    await finish(staging, destination, packed, new Date(deposit.created));
    const sum = (files: readonly { sizeBytes: number }[]) =>
      files.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
    return {
      files: packed.length,
      sizeBytes: sum(packed),
      imageBytes: sum(deposit.files.filter(({ path }) => path.startsWith('image/'))),
      manifestDigests: images.map(({ manifestDigest }) => manifestDigest),
      runs,
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A manifest, and what a deposit has of it. */
interface DepositPart {
  readonly file: string;
  readonly manifest: StoredManifest;
  readonly planned: readonly PlannedRun[];
  /** Of its image in the engine. */
  readonly id: string;
}

/** A name that several runs have says of which image each is; manifests of one image are told by their place. */
function withOwnNames(parts: readonly DepositPart[]): readonly DepositPart[] {
  const count = Map.groupBy(
    parts.flatMap(({ planned }) => planned.map(({ name }) => name)),
    (name) => name,
  );
  const references = parts.map(({ manifest, id }) => manifest.result.reference ?? id.slice(0, 19));
  const isOwn = new Set(references).size === references.length;
  return parts.map((part, place) => ({
    ...part,
    planned: part.planned.map((run) =>
      (count.get(run.name) ?? []).length > 1
        ? { ...run, name: `${run.name} (${isOwn ? references[place] : place + 1})` }
        : run,
    ),
  }));
}

/** Whatever fails: nothing goes on behind it. */
async function allEnded<All extends readonly unknown[]>(
  all: {
    readonly [Each in keyof All]: Promise<All[Each]>;
  },
): Promise<All> {
  await Promise.allSettled(all);
  return (await Promise.all(all)) as unknown as All;
}

async function compress(file: string, destination: string): Promise<void> {
  await pipeline(createReadStream(file), createGzip({ level: 9 }), createWriteStream(destination));
}

/** A folder that is there must be empty; a file may be written over. */
async function requireFree(destination: string): Promise<void> {
  const found = await readdir(destination).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return isFile(destination) ? [] : ['a file'];
    throw notWritten(destination, error);
  });
  if (found.length > 0)
    throw new ArchiveError('ARCHIVE_NOT_WRITTEN', `${destination} is there already, and not empty`, {
      hint: 'Name a new folder, or a file that ends with .zip or .tar.',
    });
}

function isFile(destination: string): boolean {
  return /\.(zip|tar)$/.test(destination);
}

function notWritten(destination: string, cause: NodeJS.ErrnoException): Error {
  // A full disk says so itself.
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') return cause;
  return new ArchiveError(
    'ARCHIVE_NOT_WRITTEN',
    `cannot write ${destination} (${cause.code ?? cause.message})`,
    {
      cause,
    },
  );
}

/** @throws ArchiveError ARCHIVE_NO_IMAGE */
async function imageOf(engine: Engine, { result }: StoredManifest): Promise<string> {
  const image = await engine.inspectImage(result.id);
  if (image !== undefined) return image.id;
  throw new ArchiveError(
    'ARCHIVE_NO_IMAGE',
    `the engine has not got the image of the manifest, ${result.reference ?? result.id}`,
    { hint: `Load it (it is ${result.id}), or shrink again with a name.` },
  );
}

/** @throws ArchiveError ARCHIVE_BAD_INPUT, ARCHIVE_NO_IMAGE */
async function restOf(
  engine: Engine,
  { remainder, manifests }: Pick<WriteArchiveOptions, 'remainder' | 'manifests'>,
): Promise<{ readonly name: string; readonly id: string } | undefined> {
  if (remainder === undefined) return undefined;
  if (manifests.length !== 1)
    throw new ArchiveError('ARCHIVE_BAD_INPUT', 'the rest of a source is for a deposit of one manifest');
  const image = await engine.inspectImage(remainder);
  if (image !== undefined) return { name: remainder, id: image.id };
  throw new ArchiveError('ARCHIVE_NO_IMAGE', `the engine has no image ${remainder}`, {
    hint: 'Shrink again, and give the image of the rest this name.',
  });
}

const restLayout = (layout: string) => `${layout}-rest`;

/** Into a layout beside that of the result. @throws ArchiveError ARCHIVE_BAD_INPUT  it is the rest of something else */
async function writeRemainder(
  engine: Engine,
  { name, id }: { readonly name: string; readonly id: string },
  {
    spooled,
    layout,
    folder,
  }: { readonly spooled: SpooledImage; readonly layout: string; readonly folder: string },
): Promise<DepositRemainder> {
  const place = await mkdtemp(join(folder, 'rest-'));
  const { config, layers } = await spoolImage(engine, id, place);
  const isAbove = spooled.layers.every(({ diffId }, index) => layers[index]?.diffId === diffId);
  if (!isAbove)
    throw new ArchiveError('ARCHIVE_BAD_INPUT', `${name} has not the layers of the image of the manifest`, {
      hint: 'It is what a shrink made beside that image, of the rest of its source.',
    });
  const destination = restLayout(layout);
  const output = { type: 'oci', destination, asFolder: true, compression: 'gzip' } as const;
  const manifestDigest = (await writeOutput({ config, layers, references: [] }, output)) ?? '';
  return { id: configDigestOf(config, id), manifestDigest, layers: await layersOf(destination) };
}

async function writeImage(
  { config, layers }: SpooledImage,
  folder: string,
  manifest: StoredManifest,
  { version, signingKey }: Pick<WriteArchiveOptions, 'version' | 'signingKey'>,
): Promise<string> {
  const attach: Attach = async (digest) => {
    const named = withDigest(manifest, digest);
    const statements = [
      toAttached('runtime-trace', toStatement(named, version), signingKey),
      toAttached('provenance', toProvenance(named, version), signingKey),
    ];
    if (manifest.inventory === undefined) return statements;
    const content = await writeBill(named, { format: 'cyclonedx', toolVersion: version, createdAt: '' });
    return [...statements, { type: 'application/vnd.cyclonedx+json', fileName: 'sbom.cdx.json', content }];
  };
  const output = { type: 'oci', destination: folder, asFolder: true, compression: 'gzip' } as const;
  const digest = await writeOutput({ config, layers, references: [], attach }, output);
  if (digest === undefined) throw new Error('an OCI image has a digest');
  return digest;
}

/** What is said of an image names it as it is in the layout. */
function withDigest(manifest: StoredManifest, manifestDigest: string): StoredManifest {
  const { repositoryDigests: _, ...result } = manifest.result;
  return { ...manifest, result: { ...result, manifestDigest } };
}

/** Of each mounted folder, by its place on this machine. */
type Inputs = ReadonlyMap<string, { readonly at?: string; readonly files: readonly DepositFile[] }>;

async function copyInputs(
  planned: readonly PlannedRun[],
  wanted: readonly string[],
  data: string,
): Promise<Inputs> {
  const sources = [...new Set(planned.flatMap(({ mounts }) => mounts.map(({ source }) => source)))];
  const copied = new Set(wanted.map((folder) => resolve(folder)));
  const unknown = [...copied].find((folder) => !sources.some((source) => resolve(source) === folder));
  if (unknown !== undefined)
    throw new ArchiveError('ARCHIVE_BAD_INPUT', `no run has mounted ${unknown}`, {
      hint: sources.length === 0 ? 'The runs have no mounts.' : `They have mounted ${sources.join(', ')}.`,
    });
  const inputs = new Map<string, { at?: string; files: readonly DepositFile[] }>();
  for (const [index, source] of sources.entries()) {
    const files = await listFolder(source).catch((cause) => {
      if (cause instanceof ArchiveError) throw cause;
      throw new ArchiveError(
        'ARCHIVE_BAD_INPUT',
        `a run has mounted ${source}, which cannot be read (${cause.code})`,
        {
          cause,
        },
      );
    });
    if (!copied.has(resolve(source))) {
      inputs.set(source, { files });
      continue;
    }
    const at = `inputs/${index + 1}`;
    await mkdir(join(data, at), { recursive: true });
    for (const { path } of files) {
      await mkdir(dirname(join(data, at, path)), { recursive: true });
      await copyFile(join(source, path), join(data, at, path));
    }
    inputs.set(source, { at, files });
  }
  return inputs;
}

interface SampleParts {
  readonly id: string;
  /** Of the image; JSON. */
  readonly config: string;
  readonly manifest: StoredManifest;
  readonly planned: readonly PlannedRun[];
  /** Place of the first of them among all of the deposit. */
  readonly first: number;
  readonly inputs: Inputs;
  readonly data: string;
  readonly options: WriteArchiveOptions;
}

/** A run that varies is run so often in all: what it varies in shows only then. */
const SAMPLES_MAX = 5;

async function sampleAll(
  engine: Engine,
  { id, config, manifest, planned, first, inputs, data, options }: SampleParts,
  streams: { readonly onEvent: (event: ShrinkEvent) => void },
): Promise<readonly DepositRun[]> {
  const now = options.now ?? Date.now;
  const variables = variablesOf(config);
  const runs: DepositRun[] = planned.map(({ mounts, ...run }) => ({
    ...run,
    ...zoned(timeZoneOf([...variables, ...run.variables])),
    mounts: mounts.map(({ source, target, isReadOnly }) => {
      const { at, files = [] } = inputs.get(source) ?? {};
      return { target, isReadOnly, ...(at !== undefined && { at }), files };
    }),
    samples: [],
  }));
  const replayed = planned.flatMap((run, index) => (run.notReplayed === undefined ? [index] : []));
  const { recordedSecondsMax: secondsMax } = options;
  const commands = replayed.map((index) => {
    const { mounts } = planned[index] as PlannedRun;
    const run = toRun(
      runs[index] as DepositRun,
      ({ target }) => mounts.find((each) => each.target === target)?.source,
    );
    return { ...run, ...(secondsMax !== undefined && { timeoutSeconds: secondsMax }) };
  });
  if (commands.length === 0) return runs;
  const next = replayed.values();
  const samplesOf = { image: id, runs: commands, ...(options.toolbox && { toolbox: options.toolbox }) };
  await sampleRuns(engine, samplesOf, streams, async (_, sample) => {
    const index = next.next().value as number;
    const run = runs[index] as DepositRun;
    const clocks = new Map<RunOutcome, Clock>();
    const outcomes: RunOutcome[] = [];
    while (outcomes.length < 2 || (varies(outcomes) && outcomes.length < SAMPLES_MAX)) {
      const from = now();
      const begun = performance.now();
      const outcome = await sample();
      clocks.set(outcome, createClock({ from, to: now(), ...zoned(run.timeZone) }));
      outcomes.push(outcome);
      if (secondsMax === undefined) continue;
      const why = whyOtherwise(
        manifest.runs[index],
        outcome,
        (performance.now() - begun) / 1000 >= secondsMax,
      );
      if (why === undefined) continue;
      runs[index] = { ...run, notReplayed: why };
      return;
    }
    const recorder = createRecorder({
      folder: data,
      at: `expected/${first + index + 1}-${plainName(run.name)}`,
      contentBytesMax: options.contentBytesMax ?? CONTENT_BYTES_MAX,
      clocksOf: (sha256) => [...clocks].flatMap(([outcome, clock]) => (gave(outcome, sha256) ? clock : [])),
    });
    const samples: ExpectedSample[] = [];
    for (const outcome of varies(outcomes) ? outcomes : outcomes.slice(0, 1))
      samples.push(await recorder.record(withoutInputs(outcome, run.mounts)));
    requireSameEnd(run, manifest.runs[index], outcomes);
    runs[index] = { ...run, samples };
  });
  return runs;
}

const zoned = (timeZone: string | undefined) => (timeZone === undefined ? {} : { timeZone });

function variablesOf(config: string): readonly string[] {
  return (JSON.parse(config) as ImageConfig).config?.Env ?? [];
}

function gave({ stdout, stderr, steps = [], files }: RunOutcome, sha256: string): boolean {
  const printed = [{ stdout, stderr }, ...steps].flatMap((each) => [each.stdout, each.stderr]);
  return (
    printed.some((content) => content.sha256 === sha256) ||
    [...files.values()].some(({ content }) => content?.sha256 === sha256)
  );
}

function varies(outcomes: readonly RunOutcome[]): boolean {
  const texts = outcomes.map(({ steps = [], files, ...whole }) =>
    JSON.stringify([
      ...[whole, ...steps].map(({ exitStatus, stdout, stderr }) => [
        exitStatus,
        stdout.sha256,
        stderr.sha256,
      ]),
      [...files]
        .map(([path, { type, mode, uid, gid, linkTarget, content }]) =>
          JSON.stringify([path, type, mode, uid, gid, linkTarget, content?.sha256]),
        )
        .sort(),
    ]),
  );
  return new Set(texts).size > 1;
}

/** Why what was recorded once cannot be had again, by itself and without a network. */
function whyOtherwise(
  recorded: StoredManifest['runs'][number] | undefined,
  { exitStatus, failure }: RunOutcome,
  isLate: boolean,
): string | undefined {
  if (isLate) return 'it does not end by itself';
  if (failure !== undefined) return `it cannot be done by itself: ${failure}`;
  if (recorded?.exitStatus === undefined || recorded.exitStatus === exitStatus) return undefined;
  return `by itself, without a network, it ends with ${exitStatus}; when it was recorded, with ${recorded.exitStatus}`;
}

/** What does not even end as it did, no reader could compare with. */
function requireSameEnd(
  { name, asked }: DepositRun,
  expected: StoredManifest['runs'][number] | undefined,
  outcomes: readonly RunOutcome[],
): void {
  const { failure } = outcomes.every((each) => each.failure !== undefined) ? (outcomes[0] ?? {}) : {};
  if (failure !== undefined) throw differs(`the run '${name}' cannot be done: ${failure}`);
  const never = (status: number | undefined, found: readonly (number | undefined)[]) =>
    status !== undefined && found.length > 0 && !found.includes(status);
  const ends = outcomes.map(({ exitStatus }) => exitStatus);
  if (never(expected?.exitStatus, ends))
    throw differs(`the run '${name}' ends with ${ends[0]}, and the manifest says ${expected?.exitStatus}`);
  if (asked === undefined) return;
  const known = (expected?.steps ?? []).filter((step) => !step.name.startsWith('probe '));
  for (const [index, step] of known.entries()) {
    const answers = outcomes.flatMap(({ steps = [] }) =>
      steps[index] === undefined ? [] : steps[index].exitStatus,
    );
    if (never(step.status, answers))
      throw differs(
        `the run '${name}' answers ${step.name} with ${answers[0]}, and the manifest says ${step.status}`,
      );
  }
}

function differs(message: string): ArchiveError {
  return new ArchiveError('ARCHIVE_RUN_DIFFERS', message, {
    hint: 'It is run without a network, and sees its mounts as they are now.',
  });
}

function defaultMetadata(parts: readonly DepositPart[]): DepositMetadata {
  const names = parts.map(({ manifest: { result } }) => result.reference ?? result.id.slice(0, 19));
  const title =
    names.length === 1
      ? `The image ${names.join()} and its results`
      : `The images ${names.join(', ')} and their results`;
  return { title, authors: [] };
}

function toImage(
  { source, result, platform }: StoredManifest,
  { config }: SpooledImage,
  { id, manifestDigest, layers }: Required<Pick<DepositImage, 'id' | 'manifestDigest' | 'layers'>>,
): DepositImage {
  const {
    os = platform?.os ?? 'linux',
    architecture = platform?.architecture ?? 'unknown',
    config: { WorkingDir: workdir } = {},
  } = JSON.parse(config) as ImageConfig;
  const [sourceName = source.reference] = source.repositoryDigests ?? [];
  return {
    ...(result.reference !== undefined && { name: result.reference }),
    id: configDigestOf(config, id),
    manifestDigest,
    os,
    architecture,
    ...(sourceName !== undefined && { sourceName }),
    sourceId: source.id,
    variables: variablesOf(config),
    ...(workdir && { workdir }),
    layers,
  };
}

/** @see the image specification */
interface ImageConfig {
  readonly os?: string;
  readonly architecture?: string;
  readonly config?: { readonly Env?: readonly string[] | null; readonly WorkingDir?: string };
}

/** As `docker load` reads them. */
async function layersOf(layout: string): Promise<readonly string[]> {
  const [image] = JSON.parse(await readFile(join(layout, 'manifest.json'), 'utf8')) as [
    { readonly Layers: readonly string[] },
  ];
  return image.Layers;
}

/** The text itself has it, whatever an engine calls its images. */
function configDigestOf(config: string, id: string): string {
  const { sha256 } = fileOf(['', config]);
  return id === `sha256:${sha256}` ? id : `sha256:${sha256}`;
}

/** @see the image specification: it may say nothing */
function createdOf({ config }: SpooledImage): string {
  const { created } = JSON.parse(config) as { created?: string };
  const time = created === undefined ? Number.NaN : Date.parse(created);
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}

/** Of several images each once, with the images that have it. */
async function softwareOfAll(parts: readonly DepositPart[]): Promise<readonly UsedSoftware[]> {
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first ? await softwareOf(first.manifest) : [];
  const found = new Map<string, { readonly software: UsedSoftware; readonly images: number[] }>();
  for (const [place, { manifest }] of parts.entries())
    for (const software of await softwareOf(manifest)) {
      const key = JSON.stringify(software);
      const known = found.get(key);
      if (known === undefined) found.set(key, { software, images: [place] });
      else if (known.images.at(-1) !== place) known.images.push(place);
    }
  return [...found.values()].map(({ software, images }) => ({ ...software, images }));
}

/** What `writeCitations` would cite. */
async function softwareOf(manifest: StoredManifest): Promise<readonly UsedSoftware[]> {
  if (manifest.inventory === undefined) return [];
  const { references = [] } = parse(await writeCitations(manifest, 'cff', (words) => words.join(' '))) as {
    references?: readonly { title: string; version?: string; identifiers?: readonly { value: string }[] }[];
  };
  return references.map(({ title, version, identifiers = [] }) => ({
    name: String(title),
    ...(version !== undefined && { version: String(version) }),
    purls: identifiers.map(({ value }) => value),
  }));
}

/** @returns everything that the bag holds */
async function writeTexts(
  deposit: Deposit,
  staging: string,
  key: SigningKey | undefined,
): Promise<readonly PackedFile[]> {
  const texts = depositTexts(deposit);
  for (const [name, text] of texts) await writeFile(join(staging, 'data', name), text);
  for (const name of texts.keys()) if (SCRIPTS.has(name)) await chmod(join(staging, 'data', name), 0o755);
  const files = sorted([...deposit.files, ...[...texts].map(fileOf)]);
  const { metadata, created, toolVersion } = deposit;
  const tags = new Map<string, Buffer>();
  for (const [name, text] of bagTexts(files, { title: metadata.title, created, toolVersion }))
    tags.set(name, Buffer.from(text));
  if (key !== undefined) tags.set(SIGNATURE, key.sign(tags.get(TAG_SUMS) ?? Buffer.alloc(0)));
  for (const [name, bytes] of tags) await writeFile(join(staging, name), bytes);
  return [
    ...[...tags].map(([name, bytes]) => ({ name, sizeBytes: bytes.length })),
    ...files.map(({ path, sizeBytes }) => ({ name: `data/${path}`, sizeBytes })),
  ].map((each) => ({
    ...each,
    file: join(staging, each.name),
    isExecutable: SCRIPTS.has(each.name.replace('data/', '')),
  }));
}

/** A folder is renamed; a file is written beside it, and renamed. */
async function finish(
  staging: string,
  destination: string,
  files: readonly PackedFile[],
  time: Date,
): Promise<void> {
  try {
    if (!isFile(destination)) {
      // An empty folder may be there.
      await rm(destination, { recursive: true, force: true });
      return await rename(staging, destination);
    }
    const partial = `${staging}.file`;
    try {
      const pack = destination.endsWith('.zip') ? packZip : packTar;
      await pack(files, partial, {
        base: basename(destination).replace(/\.(zip|tar)$/, '') || 'deposit',
        time,
      });
      await rename(partial, destination);
    } finally {
      await rm(partial, { force: true });
    }
  } catch (error) {
    throw notWritten(destination, error as NodeJS.ErrnoException);
  }
}
