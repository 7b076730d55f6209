import { optionGroup } from './option.js';

/** docker run's, of a container that is removed in any case. */
const REMOVED = optionGroup('Understood', {
  rm: { type: 'flag', description: 'Remove the container: it always is' },
});

/** docker run's, of a container that stays. */
const STAYING = optionGroup('Passed over', {
  detach: { type: 'flag', alias: 'd', description: 'Leave the container running' },
  label: { type: 'text', alias: 'l', value: 'LABEL', repeatable: true, description: 'Label the container' },
  name: { type: 'text', value: 'NAME', description: 'Name the container' },
  restart: { type: 'text', value: 'POLICY', description: 'Start the container again' },
});

/** So that the words of a `docker run` can be pasted: options that say nothing about what is run in it, and how. */
export const PASSED_OVER_OPTIONS = [
  { ...REMOVED, isHidden: true },
  { ...STAYING, isHidden: true, because: 'the container of the run does not stay' },
] as const;
