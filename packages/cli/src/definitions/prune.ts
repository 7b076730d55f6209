import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const PRUNE = defineCommand({
  name: 'prune',
  summary: 'remove what an interrupted keepset left behind',
  usage: ['prune [OPTIONS]'],
  description: `Remove what a keepset that was killed left: its containers, its unnamed images, its temporary folders on this
machine; and the toolbox, unless it is in use. What belongs to a run that goes on stays.`,
  topic: 'This machine',
  examples: [
    { does: 'Show what would be removed', line: 'prune --dry-run' },
    { does: 'Remove what is left', line: 'prune' },
  ],
  placing: 'anywhere',
  operands: [],
  groups: [
    optionGroup('Options', {
      'dry-run': { type: 'flag', description: 'Only list what would be removed' },
      'all-machines': {
        type: 'flag',
        description:
          'Also remove what sessions on other machines left within the last day: they cannot be asked whether they go on',
      },
    }),
  ],
});
