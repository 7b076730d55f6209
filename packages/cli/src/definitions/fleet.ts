import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const FLEET = defineCommand({
  name: 'fleet',
  summary: 'shrink many images, here or on a scheduler',
  usage: [
    'fleet plan|run|resume|refresh|status|cancel|report|layers [OPTIONS] [FILE]',
    'fleet emit kubernetes|github|gitlab [OPTIONS] [FILE]',
    'fleet task TASKS [PLACE]',
  ],
  description: `Shrink the images that FILE (fleet.yaml) names. Each is a task: one command 'keepset shrink', which one can
also run by hand. A task that is done, and whose image, runs and options are as they were, is not done again.`,
  notes: `plan prints the tasks and does nothing. run does what is to be done; with --on slurm or swarm it gives it to them, and ends.
resume goes on with the last round, after anything that stopped it. refresh does again what is of
an image that has moved, and says in what the results differ. status prints where the tasks of the last round stand;
report writes a page over all of them, and layers a file of the layers that results can share. emit writes what makes a service do them: an Indexed Job for Kubernetes, whose tasks
become a round, or a workflow whose jobs share the tasks. cancel ends what a scheduler has of it. task does one: a scheduler
calls it, with a file of tasks and a place in it, from 0; without one, KEEPSET_PLACE has it.
The status is 0 where all tasks are done, 3 where some were refused, or are larger than the policies allow, and 1 where some
failed. The record of a fleet is a folder of files, beside FILE. What is in FILE is described in docs/guides/fleet.md.`,
  topic: 'Make an image',
  examples: [
    { does: 'Do it here, four at a time', line: 'fleet run --jobs 4' },
    { does: 'Have Slurm do it', line: 'fleet run --on slurm' },
    { does: 'A page over all results', line: 'fleet report -o fleet.html' },
  ],
  usual: ['on', 'jobs', 'only', 'again', 'follow', 'output', 'json'],
  placing: 'anywhere',
  operands: [
    {
      name: 'ACTION',
      noun: 'action',
      choices: ['plan', 'run', 'resume', 'refresh', 'status', 'cancel', 'report', 'layers', 'emit', 'task'],
    },
    { name: 'FILE', noun: 'file', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      on: {
        type: 'choice',
        choices: ['local', 'slurm', 'swarm'],
        defaultText: '`local`; with `resume`, where the last round was',
        description: 'Where tasks run: as programs of this machine, an array of Slurm, or a job of a Swarm',
      },
      jobs: {
        type: 'number',
        value: 'N',
        min: 1,
        defaultText: '`jobs` of FILE, else 1 here and on a Swarm, and as many as Slurm lets',
        description: 'How many tasks at a time',
      },
      only: {
        type: 'text',
        value: 'NAME',
        repeatable: true,
        description: 'Only the tasks of these names; `*` is any text',
      },
      part: {
        type: 'text',
        value: 'I/N',
        description: 'Only the I-th part of N, where several share the tasks',
      },
      again: { type: 'flag', description: 'Do also what is done' },
      follow: {
        type: 'flag',
        description:
          'With `status`, and with `run` on a scheduler: go on until no task runs or waits for its turn',
      },
      output: {
        type: 'text',
        alias: 'o',
        value: 'FILE',
        description:
          'With `report`: the page to write, or Markdown where the name ends in `.md`; with `emit` and `layers`: the file to write',
      },
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing of tasks that are done' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
