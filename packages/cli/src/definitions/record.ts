import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

const { toolbox } = SOURCE_OPTIONS.options;

export const RECORD = defineCommand({
  name: 'record',
  summary: 'trace every container that COMMAND starts',
  usage: [
    'record [OPTIONS] -o DIR [--] COMMAND [ARG...]',
    'record [OPTIONS] --prove DIR [--] COMMAND [ARG...]',
  ],
  description: `Run COMMAND and trace every container that it starts: a script, make, a workflow engine, docker-compose, a test
suite. It is given the address of a proxy of the engine, and sees the containers that it asked for. 'keepset shrink --recorded
DIR' then makes a small image of each image that was used, and 'keepset record --prove DIR' runs COMMAND on these and holds each
container against the recording.`,
  notes: `COMMAND's input, output and exit status are its own. DOCKER_HOST and CONTAINER_HOST name the proxy. DIR holds a trace
file for each image, as 'keepset shrink --from' reads it, and recording.json; the names of variables, but not their values.
Steps of docker build are not traced, nor are privileged containers, those of another architecture or of user namespaces, and
those with a security profile of their own: they run as they are, and are listed. With --prove nothing is traced: DIR/proof.json
says of each container whether its exit status and output are the same, and the status is 3 if one differs or is missing. With
--repair COMMAND runs several times: see that it begins each time where the recording began.`,
  topic: 'Make an image',
  examples: [
    { does: 'A pipeline that starts containers', line: 'record -o run -- make results' },
    { does: 'The same on the small images', line: 'record --prove run -- make results' },
    {
      does: 'What docker-compose starts, and a test of it',
      line: 'record -o run -- sh test-stack.sh',
    },
  ],
  usual: ['output', 'prove', 'repair', 'compare', 'samples', 'quiet'],
  placing: 'leading',
  operands: [{ name: 'COMMAND', noun: 'command', repeatable: true }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        description: 'Write the recording to this folder, which is new or empty',
      },
      prove: {
        type: 'text',
        value: 'DIR',
        description:
          'Run COMMAND on the small images of this recording, and hold each container against what it did then',
      },
      repair: {
        type: 'flag',
        description:
          'Where a container differs on its small image, run COMMAND again to see what it lacks, add that, and prove anew, up to three times; with `--prove`',
      },
      compare: {
        type: 'text',
        value: 'PATH',
        repeatable: true,
        description: 'A file or folder that COMMAND leaves, to be the same in a proof: its hash is recorded',
      },
      samples: {
        type: 'number',
        value: 'N',
        min: 0,
        max: 2,
        defaultText: '0',
        description:
          'Run COMMAND up to N times more, on the sources, where a container differs: what varies by itself is then no difference; with `--prove`',
      },
      filter: {
        type: 'flag',
        default: true,
        description:
          'Trace every call, slower: for programs that a plain user runs to gain rights (sudo, ping), which else gain none',
      },
      'traces-max': {
        type: 'text',
        value: 'SIZE',
        defaultText: '20g',
        description:
          'How much traces may take at the engine while COMMAND runs: `500m`, `2g`; what is started after that runs untraced, and is listed',
      },
      toolbox,
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing of keepset’s own' },
      json: {
        type: 'flag',
        description: 'Print the recording, or the proof, as one JSON object to standard error',
      },
    }),
  ],
});
