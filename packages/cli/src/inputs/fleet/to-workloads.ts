import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseImageReference, parseTagReference } from '@keepset/docker-engine';
import type { Workload } from '@keepset/fleet';
import { SHRINK } from '../../definitions/shrink.js';
import { parseCommandLine } from '../../options/parse-command-line.js';
import { UsageError } from '../../options/usage-error.js';
import { readProjectFile } from '../project-file.js';
import { shellWords } from '../shell-words.js';
import { toResultNames } from '../to-result-names.js';
import type { ClientSide } from '../to-run-options.js';
import type { FleetFile, FleetRuns } from './fleet-file.js';
import type { FleetImage } from './fleet-images.js';
import { labelRuns } from './label-runs.js';

/** What a plan needs to know of an image. */
export interface ImageFacts {
  /** sha256:… */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
}

const SUFFIX = '-small';
/** By which the command of a task says that its result shares layers. */
export const LAYERS_OPTION = '--layers-from';

/**
 * The command of each image of a fleet: `keepset shrink`, as one would type it where the fleet's file is.
 *
 * @throws UsageError  names the line of the entry
 */
export function toWorkloads(
  images: readonly FleetImage[],
  fleet: FleetFile,
  facts: ReadonlyMap<string, ImageFacts>,
  client: ClientSide,
): readonly Workload[] {
  const files = new ProjectFiles(fleet.folder, client);
  const options = new CheckedOptions();
  return images.map((each) => {
    try {
      return toWorkload(each, { fleet, labels: facts.get(each.image)?.labels ?? {}, files, options });
    } catch (error) {
      if (!isNotUnderstood(error)) throw error;
      throw each.entry.refuse(error.message, error.hint);
    }
  });
}

interface Context {
  readonly fleet: FleetFile;
  readonly labels: ImageFacts['labels'];
  readonly files: ProjectFiles;
  readonly options: CheckedOptions;
}

function toWorkload(
  { image, entry, traceFile }: FleetImage,
  { fleet, labels, files, options }: Context,
): Workload {
  const name = entry.name ?? nameOf(image);
  const how = runsOf(entry, fleet.runs);
  const layers = layersFileOf(fleet);
  const given = [
    ...(fleet.strict ? ['--strict'] : []),
    ...(layers === undefined ? [] : [LAYERS_OPTION, layers]),
    ...(fleet.runs.options ?? []),
    ...(entry.options ?? []),
  ];
  options.require(given);
  const places = placesOf(image, name, { tag: [entry.tag ?? []].flat(), results: fleet.results });
  const { before, after } =
    traceFile === undefined
      ? runWords(how, labels)
      : // What was recorded is proved by running it again, as a whole.
        { before: ['--from', traceFile, '--no-verify'], after: [] };
  const read = [how.file, traceFile, layers].filter((file) => file !== undefined);
  return {
    name,
    image,
    command: ['shrink', '--json', ...given, ...before, ...places.words, image, ...after],
    inputs: Object.fromEntries(read.map((file) => [file, files.digestOf(file)])),
    results: places.results,
    folders: [...new Set(places.files.map((file) => dirname(file)))],
    manifest: places.manifest,
  };
}

/** Undefined until somebody had it written: of results that are there. */
function layersFileOf({ folder, results: { layers } }: FleetFile): string | undefined {
  return layers !== undefined && existsSync(resolve(folder, layers)) ? layers : undefined;
}

/** An entry that says how it is run says it alone. */
function runsOf(entry: FleetRuns, shared: FleetRuns): FleetRuns {
  const { file, command, http, labels } = entry;
  return [file, command, http, labels].every((each) => each === undefined) ? shared : entry;
}

function runWords(
  { file, command, http, labels: byLabels }: FleetRuns,
  labels: ImageFacts['labels'],
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  if (byLabels === true) return { before: labelRuns(labels), after: [] };
  return {
    before: [
      ...(file === undefined ? [] : ['--file', file]),
      ...[http ?? []].flat().map((page) => `--http=${page}`),
    ],
    after: typeof command === 'string' ? shellWords(command, 'command') : (command ?? []),
  };
}

/** Where a result goes, as options and as names. */
function placesOf(
  image: string,
  name: string,
  { tag, results }: { readonly tag: readonly string[]; readonly results: FleetFile['results'] },
): {
  readonly words: readonly string[];
  readonly results: readonly string[];
  readonly files: readonly string[];
  readonly manifest: string | undefined;
} {
  const { registry, archives, manifests } = results;
  const isElsewhere = registry !== undefined || archives !== undefined;
  const suffix = results.suffix ?? (isElsewhere ? undefined : SUFFIX);
  const own = tag.map((each) => printReference(parseTagReference(each)));
  const local = suffix === undefined ? [] : toResultNames(suffix)({ references: [image], id: idOf(image) });
  const tags = registry === undefined ? (own.length > 0 ? own : local) : local;
  const remote = registry === undefined ? [] : own.length > 0 ? own : [remoteName(registry, image)];
  const archive = archives && join(archives, `${name}.tar`);
  const manifest = manifests && join(manifests, `${name}.json`);
  return {
    words: [
      ...tags.flatMap((each) => ['-t', each]),
      ...remote.flatMap((each) => ['-o', `type=registry,ref=${each}`]),
      ...(archive === undefined ? [] : ['-o', `type=oci,${field(`dest=${archive}`)}`]),
      ...(manifest === undefined ? [] : ['--manifest', manifest]),
    ],
    results: [...tags, ...remote, archive, manifest].filter((each) => each !== undefined),
    files: [archive, manifest].filter((each) => each !== undefined),
    manifest,
  };
}

/** As CSV has it. */
function field(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An id, or the digest in a name; of another name no id is wanted. */
function idOf(image: string): string {
  return /sha256:[0-9a-f]{64}$/.exec(image)?.[0] ?? `sha256:${'0'.repeat(64)}`;
}

/** The image's name without its registry, at another one. */
function remoteName(registry: string, image: string): string {
  const { repository, tag } = parseImageReference(image);
  const [first = '', ...rest] = repository.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = isRegistry ? rest.join('/') : repository;
  return printReference(parseTagReference(`${registry.replace(/\/+$/, '')}/${path}:${tag ?? 'latest'}`));
}

function printReference({ repository, tag }: { readonly repository: string; readonly tag: string }): string {
  return `${repository}:${tag}`;
}

/** @example nameOf('ghcr.io/team/app:1') // 'ghcr.io-team-app-1' */
function nameOf(image: string): string {
  return image.replace(/[^\w.-]+/g, '-');
}

/** Files that several images may share: each is read once. */
class ProjectFiles {
  readonly #digests = new Map<string, string>();
  readonly #folder: string;
  readonly #client: ClientSide;

  constructor(folder: string, client: ClientSide) {
    this.#folder = folder;
    this.#client = client;
  }

  /** @throws UsageError  it cannot be read, or a keepset.yaml is not what it should be */
  digestOf(file: string): string {
    const known = this.#digests.get(file);
    if (known !== undefined) return known;
    const place = resolve(this.#folder, file);
    if (/\.ya?ml$/.test(file)) readProjectFile(place, { ...this.#client, workingDirectory: this.#folder });
    const digest = `sha256:${createHash('sha256').update(readInput(place)).digest('hex')}`;
    this.#digests.set(file, digest);
    return digest;
  }
}

function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Options that several images may share: each list is read once. */
class CheckedOptions {
  readonly #known = new Set<string>();

  /** @throws UsageError  before any task runs into it */
  require(words: readonly string[]): void {
    const key = JSON.stringify(words);
    if (this.#known.has(key)) return;
    const line = parseCommandLine([...words, 'image'], SHRINK, {});
    if (typeof line === 'string' || line.operands[0] !== 'image' || line.operands.length > 1)
      throw new UsageError('options: these are not options alone', 'The command of an image is in command.');
    this.#known.add(key);
  }
}

/** What somebody wrote, and a reader of it refuses. */
function isNotUnderstood(error: unknown): error is Error & { readonly hint?: string } {
  return error instanceof UsageError || (error as { code?: unknown }).code === 'REFERENCE_INVALID';
}
