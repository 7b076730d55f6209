import { existsSync } from 'node:fs';
import type { RunOptions } from '@keepset/docker-engine';
import type { Run } from '@keepset/shrinker';
import type { Service } from '@keepset/tracer';
import type { KEEP_OPTIONS } from '../options/keep-options.js';
import type { GroupValues } from '../options/option.js';
import type { RUN_OPTIONS } from '../options/run-options.js';
import type { SOURCE_OPTIONS } from '../options/source-options.js';
import { UsageError } from '../options/usage-error.js';
import { parseRuns } from './parse-runs.js';
import type { ProjectFile } from './project-file.js';
import { readTextFile } from './read-text-file.js';
import { type KeepOptions, toKeepOptions } from './to-keep-options.js';
import { type ClientSide, toRunOptions } from './to-run-options.js';
import { type ToolboxOptions, toolboxOptions } from './toolbox-options.js';

/** The name that is looked for where no other is given. */
const PROJECT_FILE = 'keepset.yaml';

/** What shrink, trace, check and cost have in common: what is run in which image, and what is kept of it. */
export interface SourceArguments {
  readonly image: string;
  readonly command: readonly string[];
  /** Several commands; empty: what follows IMAGE. */
  readonly runs: readonly Run[];
  /** How many of them at a time. */
  readonly jobs: number;
  /** Names of the result that keepset.yaml gives. */
  readonly projectTags: readonly string[];
  readonly run: RunOptions;
  readonly keep: KeepOptions;
  /** Where to write the keep list. */
  readonly keepListFile: string | undefined;
  /** The text of the keep list that was given. */
  readonly locked: string | undefined;
  readonly allowFailure: boolean;
  readonly traceTwice: boolean;
  readonly toolbox: ToolboxOptions;
  /** Undefined: the command ends by itself. */
  readonly service: Service | undefined;
  readonly healthCheck: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

type SourceValues = Omit<GroupValues<typeof SOURCE_OPTIONS>, 'jobs'> &
  GroupValues<typeof KEEP_OPTIONS> &
  GroupValues<typeof RUN_OPTIONS> & {
    readonly jobs?: number;
    readonly 'keep-list'?: string | undefined;
    readonly locked?: string | undefined;
    readonly from?: readonly string[];
    readonly healthcheck?: boolean;
    readonly quiet?: boolean | undefined;
    readonly json?: boolean | undefined;
  };

/** Of commands that differ: options that some have, and what was made of them. */
export interface SourceLine {
  readonly options: SourceValues;
  readonly operands: readonly string[];
  readonly service: Service | undefined;
  /** For the hint that IMAGE is missing. */
  readonly usage: string;
}

/** @throws UsageError */
export async function toSourceArguments(
  { options, operands, service, usage }: SourceLine,
  client: ClientSide,
): Promise<SourceArguments> {
  const [named, ...command] = operands;
  const { from = [], locked, jobs = 1 } = options;
  const project = await findProject({ file: options.file, named, isTraced: from.length > 0 }, client);
  const image = named ?? project?.image ?? (from.length > 0 ? '' : undefined);
  if (image === undefined)
    throw new UsageError(
      'no image given',
      `Give it after the options: 'keepset ${usage}'; or as image in ${PROJECT_FILE}.`,
    );
  const runs = [...(project?.runs ?? []), ...parseRuns(options.run)];
  requireOneWay(runs, command, service);
  // Programs that a trace names are asked for again.
  const asksAnew =
    service !== undefined && (service.ready.length > 0 || service.steps.some(({ kind }) => kind === 'http'));
  if (from.length > 0 && (runs.length > 0 || command.length > 0 || asksAnew))
    throw new UsageError(
      '--from takes saved traces, and there is also a run to trace',
      'Leave one of them out; --from can be given several times.',
    );
  const keep = toKeepOptions(options);
  return {
    image,
    command,
    runs,
    jobs,
    projectTags: project?.tags ?? [],
    run: toRunOptions(options, client),
    keep: withProject(keep.options, project),
    keepListFile: keep.listFile,
    locked: locked === undefined ? undefined : readTextFile(locked, '--locked'),
    allowFailure: options['allow-failure'] === true,
    traceTwice: options['trace-twice'] === true,
    toolbox: toolboxOptions(options.toolbox, client),
    service,
    healthCheck: options.healthcheck !== false,
    quiet: options.quiet === true,
    json: options.json === true,
  };
}

interface ProjectChoice {
  /** The file that was named. */
  readonly file: string | undefined;
  readonly named: string | undefined;
  readonly isTraced: boolean;
}

/** The file that was named, or the one that lies here where the command line names no image and no trace. */
async function findProject(
  { file, named, isTraced }: ProjectChoice,
  client: ClientSide,
): Promise<ProjectFile | undefined> {
  const isElsewhere = named !== undefined || isTraced || !existsSync(PROJECT_FILE);
  const chosen = file ?? (isElsewhere ? undefined : PROJECT_FILE);
  if (chosen === undefined) return undefined;
  // Loaded only where it is needed: its libraries are 10 MB of memory.
  const { readProjectFile } = await import('./project-file.js');
  return readProjectFile(chosen, client);
}

/** @throws UsageError  several runs, and something that says otherwise */
function requireOneWay(runs: readonly Run[], [word]: readonly string[], service: Service | undefined): void {
  if (runs.length === 0) return;
  const twice = runs.find(({ name }, index) => runs.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) throw new UsageError(`two runs are called '${twice.name}'`);
  if (word !== undefined)
    throw new UsageError(
      `unexpected argument '${word}': the commands are those of the named runs`,
      'Leave it out, or make it a --run.',
    );
  if (service !== undefined)
    throw new UsageError(
      'there are several runs, and the options of a service do not say which of them they are for',
      `Put them into ${PROJECT_FILE}, under services, or leave out --run.`,
    );
}

function withProject(options: KeepOptions, project: ProjectFile | undefined): KeepOptions {
  const { keep = [], drop = [] } = project ?? {};
  return {
    ...options,
    ...(keep.length > 0 && { keep: [...keep, ...(options.keep ?? [])] }),
    ...(drop.length > 0 && { drop: [...drop, ...(options.drop ?? [])] }),
  };
}
