import { existsSync } from 'node:fs';
import type { NamedCommand, RunOptions, Service, ToolboxSource } from '@keepset/shrinker';
import type { ParsedCommandLine } from '../options/parse-options.js';
import { UsageError } from '../options/usage-error.js';
import { parseRuns } from './parse-runs.js';
import { toService } from './parse-service.js';
import type { ProjectFile } from './project-file.js';
import { readTextFile } from './read-text-file.js';
import { type KeepRules, toKeepWishes } from './to-keep-options.js';
import { type ClientSide, type ParsedOptions, toRunOptions } from './to-run-options.js';
import { wholeNumber } from './whole-number.js';

/** The name that is looked for where no other is given. */
const PROJECT_FILE = 'keepset.yaml';

/** What shrink, check and cost have in common: what is run in which image, and what is kept of it. */
export interface SourceArguments {
  readonly image: string;
  readonly command: readonly string[];
  /** Several commands; empty: what follows IMAGE. */
  readonly runs: readonly NamedCommand[];
  /** How many of them at a time. */
  readonly jobs: number;
  /** Names of the result that keepset.yaml gives. */
  readonly projectTags: readonly string[];
  readonly run: RunOptions;
  readonly keep: KeepRules;
  /** Where to write the keep list. */
  readonly keepListFile: string | undefined;
  /** The text of the keep list that was given. */
  readonly locked: string | undefined;
  readonly allowFailure: boolean;
  readonly traceTwice: boolean;
  readonly toolbox: ToolboxSource;
  /** Undefined: the command ends by itself. */
  readonly service: Service | undefined;
  readonly healthCheck: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** @throws UsageError */
export async function toSourceArguments(
  { options, rest }: ParsedCommandLine,
  client: ClientSide,
  usage: string,
): Promise<SourceArguments> {
  const [named, ...command] = rest;
  const project = await findProject(options, named, client);
  const isTraced = options.from !== undefined;
  const image = named ?? project?.image ?? (isTraced ? '' : undefined);
  if (image === undefined)
    throw new UsageError(
      'no image given',
      `It goes after the options: '${usage}'; or into ${PROJECT_FILE}, as image.`,
    );
  const runs = [...(project?.runs ?? []), ...parseRuns((options.run as readonly string[] | undefined) ?? [])];
  const service = toService(options);
  requireOneSay(runs, command, service);
  if (isTraced && (runs.length > 0 || command.length > 0 || service !== undefined))
    throw new UsageError(
      '--from names runs that were traced, and there is another to be traced',
      'Leave one of them out; traces are joined by giving --from several times.',
    );
  const toolbox = toToolboxSource(options);
  const { rules, listFile } = toKeepWishes(options);
  const locked = options.locked as string | undefined;
  return {
    image,
    command,
    runs,
    jobs: options.jobs === undefined ? 1 : wholeNumber('jobs', options.jobs, 1),
    projectTags: project?.tags ?? [],
    run: toRunOptions(options, client),
    keep: withProject(rules, project),
    keepListFile: listFile,
    locked: locked === undefined ? undefined : readTextFile(locked, '--locked'),
    allowFailure: options['allow-failure'] === true,
    traceTwice: options['trace-twice'] === true,
    toolbox,
    service,
    healthCheck: options.healthcheck !== false,
    quiet: options.quiet === true,
    json: options.json === true,
  };
}

/** The file that was named, or the one that lies here where there is no other word of what to do. */
async function findProject(
  options: ParsedOptions,
  image: string | undefined,
  client: ClientSide,
): Promise<ProjectFile | undefined> {
  const isElsewhere = image !== undefined || options.from !== undefined || !existsSync(PROJECT_FILE);
  const file = (options.file as string | undefined) ?? (isElsewhere ? undefined : PROJECT_FILE);
  if (file === undefined) return undefined;
  // Loaded only where it is needed: its libraries are 10 MB of memory.
  const { readProjectFile } = await import('./project-file.js');
  return readProjectFile(file, client);
}

function requireOneSay(
  runs: readonly NamedCommand[],
  [word]: readonly string[],
  service: Service | undefined,
): void {
  if (runs.length === 0) return;
  const twice = runs.find(({ name }, index) => runs.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) throw new UsageError(`two runs are called '${twice.name}'`);
  if (word !== undefined)
    throw new UsageError(`the runs are named: what is '${word}'?`, 'Leave it out, or make it a --run.');
  if (service !== undefined)
    throw new UsageError(
      'there are several runs: which of them is to be asked?',
      `Say it in ${PROJECT_FILE}, under services, or leave out --run.`,
    );
}

function withProject(rules: KeepRules, project: ProjectFile | undefined): KeepRules {
  const { keep = [], drop = [] } = project ?? {};
  return {
    ...rules,
    ...(keep.length > 0 && { keep: [...keep, ...(rules.keep ?? [])] }),
    ...(drop.length > 0 && { drop: [...drop, ...(rules.drop ?? [])] }),
  };
}

/** @throws UsageError */
export function toToolboxSource(options: ParsedOptions): ToolboxSource {
  const toolbox = (options.toolbox as string | undefined) ?? 'auto';
  if (/^(auto|host|image|install|image=.+)$/.test(toolbox)) return toolbox as ToolboxSource;
  if (!/^\.{0,2}\//.test(toolbox))
    throw new UsageError(
      `--toolbox ${toolbox}: not valid`,
      'Use auto, host, image, image=REF, install, or a folder, with a slash at its start (./DIR).',
    );
  return `dir=${toolbox}`;
}
