import { defineCommand } from '../options/command-definition.js';

export const PRUNE = defineCommand({
  name: 'prune',
  summary: 'remove what an interrupted keepset left behind',
  usage: ['prune'],
  description: `Remove what keepset left at the engine when it was killed, and its toolbox: containers, volumes and unnamed
images of its own. Do not use it while another keepset works with the same engine.`,
  topic: 'This machine',
  examples: [
    { does: 'Remove what is left', line: 'prune' },
    { does: 'Remember what that was', line: 'prune > removed.txt' },
  ],
  placing: 'anywhere',
  operands: [],
  groups: [],
});
