import type { KeptPath } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import { characterSets } from './families/character-sets.js';
import { commands } from './families/commands.js';
import type { Family } from './families/family.js';
import { imageLoaders } from './families/image-loaders.js';
import { mediaPlugins } from './families/media-plugins.js';
import { timeZones } from './families/time-zones.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** What is looked up by name, and is not kept for that: docs/families.md. */
const FAMILIES: readonly Family[] = [characterSets, imageLoaders, mediaPlugins, timeZones, commands];

const NAMES_SHOWN = 3;
const FOLDERS_SHOWN = 3;

/** Some of what a program looks up by name is kept, and the rest is not: another input asks for another name. */
export function familiesRemoved(facts: ShrinkFacts): readonly OverShrinkSign[] {
  return FAMILIES.flatMap((family) => familyRemoved(family, facts) ?? []);
}

function familyRemoved(family: Family, facts: ShrinkFacts): OverShrinkSign | undefined {
  const folders = new Set<string>();
  for (const kept of facts.plan.kept.values()) {
    // A folder is opened to be listed: that looks up no name.
    const isFile = facts.tree.get(kept.path)?.type === 'file';
    const folder = isFile ? family.lookedUpIn(kept, facts) : undefined;
    if (folder !== undefined) folders.add(folder);
  }
  const texts = [...folders].sort().flatMap((folder) => describeFolder(folder, family, facts) ?? []);
  if (texts.length === 0) return undefined;
  const others = texts.length > FOLDERS_SHOWN ? '; …' : '';
  return {
    kind: family.kind,
    message: `${family.title} are looked up by name, and ${texts.slice(0, FOLDERS_SHOWN).join('; ')}${others}`,
    cure: family.cure,
  };
}

function describeFolder(folder: string, family: Family, { tree, plan }: ShrinkFacts): string | undefined {
  const removed: string[] = [];
  let total = 0;
  for (const { path, type } of tree.descendants(folder)) {
    const name = type === 'file' ? family.nameOf(path) : undefined;
    if (name === undefined) continue;
    total++;
    const kept = plan.kept.get(path);
    if (kept === undefined || (!family.isUsed(kept) && isOnlyMet(kept))) removed.push(name);
  }
  if (removed.length === 0) return undefined;
  const names = removed.slice(0, NAMES_SHOWN).map(printPath);
  const others = removed.length > NAMES_SHOWN ? ', …' : '';
  return `${removed.length} of the ${total} in ${printPath(folder)} were never used: ${names.join(', ')}${others}`;
}

/** It stays, but only since a run looked at it: what it needs does not. */
function isOnlyMet({ reasons }: KeptPath): boolean {
  return reasons.every(({ kind }) => kind === 'access');
}
