import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RunOptions } from '@keepset/docker-engine';
import type { Run } from '@keepset/shrinker';
import { z } from 'zod';
import { CRAWL_DEPTH } from '../options/service-options.js';
import { UsageError } from '../options/usage-error.js';
import { readCheckedDocument } from './checked/checked-document.js';
import { nameRuns } from './name-runs.js';
import { shellWords } from './shell-words.js';
import { absoluteSource, type ClientSide, passOn } from './to-run-options.js';
import { parseService, requireStart } from './to-service.js';

/** What keepset.yaml says, understood. */
export interface ProjectFile {
  readonly image: string | undefined;
  readonly tags: readonly string[];
  /** Runs, then services. */
  readonly runs: readonly Run[];
  readonly keep: readonly string[];
  readonly drop: readonly string[];
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const name = z.string().regex(/^[^=\s]+$/, 'it may hold no blank and no =');
const expression = z.string().refine(isExpression, 'not a regular expression');

const common = {
  name,
  /** Words, or one line in shell notation; absent: the image's own. */
  command: oneOrMore.optional(),
  entrypoint: z.string().optional(),
  env: z
    .union([z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), z.array(z.string())])
    .optional(),
  workdir: z.string().optional(),
  user: z.union([z.string(), z.number()]).optional(),
  /** As in docker run -v. */
  mounts: z.array(z.string()).optional(),
  network: z.string().optional(),
};

const runShape = z.strictObject({
  ...common,
  /** A file, from where this file is. */
  stdin: z.string().optional(),
  expect: z
    .strictObject({
      exitStatus: z.int().min(0).max(255).optional(),
      stdout: expression.optional(),
      stderr: expression.optional(),
    })
    .optional(),
});

const seconds = z.number().nonnegative();

const serviceShape = z.strictObject({
  ...common,
  ready: oneOrMore.optional(),
  http: oneOrMore.optional(),
  exec: oneOrMore.optional(),
  probe: oneOrMore.optional(),
  /** How many links away from what http asks for; true: 3. */
  crawl: z.union([z.boolean(), z.int().min(0)]).optional(),
  healthcheck: z.boolean().optional(),
  readyTimeout: seconds.optional(),
  stepTimeout: seconds.optional(),
  stopTimeout: seconds.optional(),
});

const projectShape = z.strictObject({
  image: z.string().optional(),
  tag: oneOrMore.optional(),
  runs: z.array(runShape).optional(),
  services: z.array(serviceShape).optional(),
  keep: z.array(z.string()).optional(),
  drop: z.array(z.string()).optional(),
});

type RunEntry = z.infer<typeof runShape>;
type ServiceEntry = z.infer<typeof serviceShape>;

/** The schema of keepset.yaml, for editors. */
export function projectSchema(): object {
  return z.toJSONSchema(
    projectShape.extend({
      runs: listOrMap(runShape).optional(),
      services: listOrMap(serviceShape).optional(),
    }),
  );
}

/** A list of entries with names, or a map of names. */
function listOrMap<Shape extends typeof runShape | typeof serviceShape>(entry: Shape) {
  return z.union([
    z.array(entry),
    z.record(name, z.union([oneOrMore, z.strictObject({ ...entry.shape, name: name.optional() })])),
  ]);
}

/** By these, one run is known from a map of names. */
const ENTRY_KEYS: ReadonlySet<string> = new Set(['name', 'command']);

/**
 * Read a file that says what to shrink and by which runs.
 *
 * @throws UsageError  names the file, the line, and what was expected there
 */
export function readProjectFile(file: string, client: ClientSide): ProjectFile {
  const { value, refuse } = readCheckedDocument(file, '--file', {
    shape: projectShape,
    schema: 'Its schema is in docs/keepset.yaml.md.',
    prepare: (document) => nameRuns(document, ['runs', 'services'], ENTRY_KEYS),
  });
  const { image, tag = [], runs = [], services = [], keep = [], drop = [] } = value;
  const seen = new Set<string>();
  const named = <T extends { readonly name: string }>(
    key: 'runs' | 'services',
    entries: readonly T[],
    toCommand: (entry: T) => Run,
  ) =>
    entries.map((each, index) => {
      if (seen.has(each.name)) throw refuse([key, index, 'name'], `two runs are called '${each.name}'`);
      seen.add(each.name);
      try {
        return toCommand(each);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw refuse([key, index], error.message, error.hint);
      }
    });
  const folder = resolve(client.workingDirectory, dirname(file));
  return {
    image,
    tags: [tag].flat(),
    runs: [
      ...named('runs', runs, (entry) => toRun(entry, folder, client)),
      ...named('services', services, (entry) => toServiceRun(entry, folder, client)),
    ],
    keep,
    drop,
  };
}

function toRun(entry: RunEntry, folder: string, client: ClientSide): Run {
  const { stdin, expect = {} } = entry;
  const { exitStatus, stdout, stderr } = expect;
  const file = stdin === undefined ? undefined : resolve(folder, stdin);
  const run = toRunOptions(entry, folder, client);
  return {
    name: entry.name,
    command: toWords(entry.command),
    options: file === undefined ? run : { ...run, interactive: true },
    ...(file !== undefined && { stdin: () => createReadStream(file) }),
    ...(entry.expect !== undefined && {
      expectation: {
        ...(exitStatus !== undefined && { exitStatus }),
        ...(stdout !== undefined && { stdout: new RegExp(stdout, 'm') }),
        ...(stderr !== undefined && { stderr: new RegExp(stderr, 'm') }),
      },
    }),
  };
}

function toServiceRun(entry: ServiceEntry, folder: string, client: ClientSide): Run {
  const list = (value: string | readonly string[] | undefined) =>
    value === undefined ? undefined : [value].flat();
  const { ready, http, exec, probe, crawl = false } = entry;
  if ([ready, http, exec, probe].every((each) => each === undefined))
    throw new UsageError(
      `there is nothing to ask of the service '${entry.name}'`,
      'Add http, exec or probe, or ready alone: it is stopped once it is ready.',
    );
  if (crawl !== false) requireStart(list(http) ?? [], 'crawl', 'http: /');
  const service = parseService(
    { ready: list(ready), http: list(http), exec: list(exec), probe: list(probe) },
    {
      readySecondsMax: entry.readyTimeout,
      stepSecondsMax: entry.stepTimeout,
      graceSeconds: entry.stopTimeout,
      crawlDepth: crawl === true ? CRAWL_DEPTH : crawl === false ? undefined : crawl,
    },
    (option) => option,
  );
  return {
    name: entry.name,
    command: toWords(entry.command),
    options: toRunOptions(entry, folder, client),
    service: entry.healthcheck === false ? { ...service, healthCheck: false } : service,
  };
}

function toWords(command: string | readonly string[] | undefined): readonly string[] {
  if (command === undefined) return [];
  return typeof command === 'string' ? shellWords(command, 'command') : command;
}

function toRunOptions(
  { env, workdir, user, mounts, network, entrypoint }: RunEntry | ServiceEntry,
  folder: string,
  { environment }: ClientSide,
): RunOptions {
  const variables = Array.isArray(env)
    ? env.flatMap((variable) => passOn(variable, environment))
    : Object.entries(env ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    ...(variables.length > 0 && { env: variables }),
    ...(workdir !== undefined && { workdir }),
    ...(user !== undefined && { user: String(user) }),
    ...(mounts !== undefined && { volume: mounts.map((mount) => absoluteSource(mount, folder)) }),
    ...(network !== undefined && { network }),
    ...(entrypoint !== undefined && { entrypoint }),
  };
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
