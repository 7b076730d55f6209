import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

export const REPLAY = defineCommand({
  name: 'replay',
  summary: 'run what a deposit holds once more, and compare with what it gave',
  usage: ['replay [OPTIONS] PATH'],
  description: `Run what a deposit of keepset archive holds once more, without a network, and compare exit status, output and
files with what is expected. What varies by chance is compared in what stays, as shrink does.`,
  notes: `PATH is the folder, zip or tar. Its checksums are checked first. Its image gets no name, and is removed again
unless the engine had it. The exit status is 3 where a run does otherwise.`,
  topic: 'Keep it for years',
  examples: [
    { does: 'Does it still give the same?', line: 'replay paper.zip' },
    { does: 'A page that shows what differs', line: 'replay --report differences.html paper.zip' },
    { does: 'One run, with data of your own', line: 'replay --run plots --with ./data paper' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'PATH', noun: 'deposit' }],
  groups: [
    optionGroup('Options', {
      run: { type: 'text', value: 'NAME', defaultText: 'all of them', description: 'Run only this one' },
      with: {
        type: 'text',
        value: '[TARGET=]DIR',
        repeatable: true,
        description: 'Mount this folder in place of the inputs, at TARGET where there are several',
      },
      report: {
        type: 'text',
        value: 'FILE',
        description: 'Write an HTML page to this file: what differs, in texts line by line',
      },
      toolbox: SOURCE_OPTIONS.options.toolbox,
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing but errors' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
