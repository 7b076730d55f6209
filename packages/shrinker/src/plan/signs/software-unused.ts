import { printPath } from '@keepset/strace-parser';
import { isUsed } from './is-used.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';
import { findSoftware } from './software-folders.js';

/** Of the image's largest folders of software, how many are looked at. */
const FOLDERS = 10;
const FOLDERS_SHOWN = 3;

/** Nothing was used of the image's largest folders of software. */
export function softwareUnused({ tree, plan }: ShrinkFacts): OverShrinkSign | undefined {
  if (plan.executed.length === 0) return undefined;
  const folders = findSoftware(tree).slice(0, FOLDERS);
  if (folders.length === 0 || folders.some(({ path }) => isUsed(path, plan))) return undefined;
  const shown = folders.slice(0, FOLDERS_SHOWN).map(({ path, sizeBytes }) => {
    return `${printPath(path)} (${(sizeBytes / 1e6).toFixed(0)} MB)`;
  });
  const others = folders.length > FOLDERS_SHOWN ? ', …' : '';
  return {
    kind: 'software-unused',
    message: `no file was used of the image's largest folders of software: ${shown.join(', ')}${others}`,
    cure: 'run what needs them, or keep them; if nothing does, all is well',
  };
}
