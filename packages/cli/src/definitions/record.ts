import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

const { toolbox } = SOURCE_OPTIONS.options;

export const RECORD = defineCommand({
  name: 'record',
  summary: 'trace every container that COMMAND starts',
  usage: ['record [OPTIONS] -o DIR [--] COMMAND [ARG...]'],
  description: `Run COMMAND and trace every container that it starts: a script, make, a workflow engine, docker-compose, a test
suite. It is given the address of a proxy of the engine, and sees the containers that it asked for. 'keepset shrink --recorded
DIR' then makes a small image of each image that was used.`,
  notes: `COMMAND's input, output and exit status are its own. DOCKER_HOST and CONTAINER_HOST name the proxy. DIR holds a trace
file for each image, as 'keepset shrink --from' reads it, and recording.json; the names of variables, but not their values.
Steps of docker build are not traced, nor are privileged containers, those of another architecture or of user namespaces, and
those with a security profile of their own: they run as they are, and are listed.`,
  topic: 'Make an image',
  examples: [
    { does: 'A pipeline that starts containers', line: 'record -o run -- make results' },
    {
      does: 'What docker-compose starts, and a test of it',
      line: "record -o run -- sh -c './test-stack.sh'",
    },
  ],
  placing: 'leading',
  operands: [{ name: 'COMMAND', noun: 'command', repeatable: true }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        required: 'folder',
        description: 'Write the recording to this folder, which is new or empty',
      },
      filter: {
        type: 'flag',
        default: true,
        description:
          'Trace every call, slower: for programs that a plain user runs to gain rights (sudo, ping), which else gain none',
      },
      toolbox,
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing of keepset’s own' },
      json: { type: 'flag', description: 'Print the recording as one JSON object to standard error' },
    }),
  ],
});
