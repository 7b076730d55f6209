import { defineCommand } from '../options/command-definition.js';

export const COMPLETION = defineCommand({
  name: 'completion',
  summary: 'print a script with which a shell completes commands, options and images',
  usage: ['completion bash|zsh|fish'],
  topic: 'This machine',
  description:
    'Print a script with which a shell completes commands, options, their values, and the images of the engine.',
  examples: [
    {
      does: 'In this bash, or for good in ~/.bashrc: eval "$(keepset completion bash)"',
      line: 'completion bash',
    },
    { does: 'For fish', line: 'completion fish > ~/.config/fish/completions/keepset.fish' },
  ],
  notes: `The script asks keepset itself at each TAB, so it need not be made again for a newer one. An engine that does not
answer within a second adds no images.`,
  placing: 'anywhere',
  operands: [{ name: 'SHELL', noun: 'shell', choices: ['bash', 'zsh', 'fish'] }],
  groups: [],
});
