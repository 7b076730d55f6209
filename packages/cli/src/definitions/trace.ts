import { defineCommand } from '../options/command-definition.js';
import { KEEP_OPTIONS } from '../options/keep-options.js';
import { optionGroup } from '../options/option.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SERVICE_OPTIONS } from '../options/service-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

export const TRACE = defineCommand({
  name: 'trace',
  summary: 'save the trace of a run, to shrink by it later or elsewhere',
  usage: ['trace [OPTIONS] -o FILE IMAGE [COMMAND [ARG...]]'],
  description: `Run COMMAND in IMAGE under strace and save the trace, so that 'keepset shrink --from FILE' can make an
image of it later, or elsewhere, without running it again. No image is made.`,
  notes: `FILE holds the traces, what the runs printed and were given as input, and hashes of what they left; the names of
variables, but not their values.`,
  topic: 'Make an image',
  examples: [
    { does: 'Trace here, and make the image elsewhere', line: 'trace -o run.trace debian:12 perl -v' },
    { does: 'A web service', line: 'trace --http / -o web.trace nginx' },
  ],
  usual: ['output', 'env', 'volume', 'http', 'exec', 'run', 'file', 'jobs', 'toolbox', 'quiet', 'json'],
  placing: 'leading',
  operands: [
    { name: 'IMAGE', noun: 'image', optional: true },
    { name: 'COMMAND', noun: 'command', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'FILE',
        required: 'file',
        description: 'Write the trace to this file',
      },
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
    SOURCE_OPTIONS,
    KEEP_OPTIONS,
    SERVICE_OPTIONS,
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
  ],
});
