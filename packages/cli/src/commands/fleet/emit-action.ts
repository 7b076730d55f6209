import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type FleetPipeline, githubWorkflow, gitlabPipeline, kubernetesJob, PARTS_MAX } from '@keepset/fleet';
import { requireWritable } from '../../inputs/require-writable.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { quoteWords } from '../../terminal/quote-words.js';
import { beginRound } from './begin-round.js';
import {
  type FleetOptions,
  namedTasks,
  type OpenedFleet,
  openFleet,
  planFleet,
  statusesOf,
  toDoOf,
} from './open-fleet.js';
import { OWN_IMAGE } from './own-program.js';

const FORMS = ['kubernetes', 'github', 'gitlab'] as const;
/** Where the folder of a fleet is, in pods. */
const POD_FOLDER = '/fleet';

/** `keepset fleet emit FORM`: what makes a service do the tasks. */
export async function emitAction(
  [form, ...words]: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const known = FORMS.find((each) => each === form);
  if (known === undefined)
    throw new UsageError(`there is no form '${form ?? ''}'`, `Use ${FORMS.join(', ')}.`);
  const { output } = options;
  requireWritable(output, '-o');
  const opened = openFleet(words, console);
  const text =
    known === 'kubernetes'
      ? await job(opened, options, console)
      : await pipeline(known, opened, options, console);
  if (output === undefined) await console.writeOut(text);
  else await writeFile(output, text);
}

/** The tasks are written down as a round: pods find theirs by its place. */
async function job(opened: OpenedFleet, options: FleetOptions, console: Console): Promise<string> {
  const { fleet, record } = opened;
  const tasks = await planFleet(opened, console);
  const again = options.again === true;
  const statuses = await statusesOf(tasks, opened, console);
  const toDo = toDoOf(statuses, { named: namedTasks(tasks, options), again });
  if (toDo.length === 0) throw new UsageError('all tasks are done', '--again does them once more.');
  const { tasksFile } = await beginRound(toDo, statuses, { record, on: 'kubernetes', again });
  return kubernetesJob({
    count: toDo.length,
    jobs: options.jobs ?? fleet.jobs ?? toDo.length,
    image: OWN_IMAGE,
    command: ['fleet', 'task', join(POD_FOLDER, relative(fleet.folder, tasksFile))],
    folder: POD_FOLDER,
  });
}

/** Each job plans the fleet again, and does its part. */
async function pipeline(
  form: 'github' | 'gitlab',
  opened: OpenedFleet,
  options: FleetOptions,
  console: Console,
): Promise<string> {
  const { file, fleet } = opened;
  const tasks = await planFleet(opened, console);
  const jobs = options.jobs ?? fleet.jobs;
  const given: FleetPipeline = {
    parts: Math.max(
      1,
      Math.min(tasks.length, PARTS_MAX[form], form === 'gitlab' ? (jobs ?? Infinity) : Infinity),
    ),
    jobs,
    install: ['npm install --global keepset'],
    run: `${quoteWords(['keepset', 'fleet', 'run', relative(console.workingDirectory, file) || file])} --part "$PART/$PARTS"`,
    folders: [fleet.record, fleet.results.manifests, fleet.results.archives]
      .filter((folder) => folder !== undefined)
      .map((folder) => relative(console.workingDirectory, resolve(fleet.folder, folder))),
  };
  return form === 'github' ? githubWorkflow(given) : gitlabPipeline(given);
}
