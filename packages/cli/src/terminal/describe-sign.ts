import type { OverShrinkSign } from '@keepset/shrinker';

/** What the command line says to do, where it names options; else the sign's own words are shown. */
const CURES: Readonly<Partial<Record<OverShrinkSign['kind'], string>>> = {
  'own-files-unused': 'run what needs them, or keep them with --keep; if nothing does, all is well',
  'script-programs-removed':
    'run what takes that way through the script, or keep them with --keep; if nothing does, all is well',
  'links-not-asked': 'ask for them with --http, or for all with --crawl; if nobody will, all is well',
  'service-only-awaited':
    'ask for what matters with --http, --exec or --probe, or await what shows that it has done something: --ready log=REGEX',
  'character-sets-removed':
    'convert what will be converted, or keep their folder with --keep; if there is nothing else, all is well',
  'image-loaders-removed':
    'open an image of each format that will be opened, or keep the loaders with --keep-package',
  'media-plugins-removed': 'play what will be played, or keep the plugins with --keep-package',
  'time-zones-removed': 'keep their folder with --keep if other zones will be asked for; else all is well',
  'commands-removed': 'run those that will be wanted, as --run or --exec; if there are none, all is well',
  'software-unused': 'run what needs them, or keep them with --keep; if nothing does, all is well',
  'runs-differ': 'both are kept; keep what else may be used with --keep',
};

/** A sign that a run did too little, as a warning: one line without its end. */
export function describeSign({ kind, message, cure }: OverShrinkSign): string {
  return `warning: ${message}; ${CURES[kind] ?? cure}`;
}
