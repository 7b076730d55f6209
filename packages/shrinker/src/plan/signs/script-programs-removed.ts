import { printPath } from '@keepset/strace-parser';
import type { Resolution } from '@keepset/symlink-resolver';
import { findPrograms } from './find-programs.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import { shellCommands } from './shell/shell-commands.js';
import type { ShrinkFacts } from './shrink-facts.js';

const PROGRAMS_SHOWN = 6;
const SCRIPTS_SHOWN = 3;

/** Kept scripts name programs that the source has and the result has not: another way through them ends with 127. */
export async function scriptProgramsRemoved({
  scripts,
  config,
  tree,
  plan,
}: ShrinkFacts): Promise<OverShrinkSign | undefined> {
  const named = scripts.flatMap(({ path, text }) => shellCommands(text).map((name) => ({ name, path })));
  const found = await findPrograms([...new Set(named.map(({ name }) => name))], config, tree);
  const isKept = ({ path, crossed }: Resolution) => [...crossed, path].every((place) => plan.kept.has(place));
  const removed = named.filter(({ name }) => {
    const places = found.get(name) ?? [];
    return places.length > 0 && !places.some(isKept);
  });
  const names = [...new Set(removed.map(({ name }) => name))].sort();
  const places = [...new Set(removed.map(({ path }) => path))].sort();
  if (names.length === 0) return undefined;
  return {
    kind: 'script-programs-removed',
    message: `${places.length === 1 ? 'a kept script names' : 'kept scripts name'} programs that are not kept: ${list(names, PROGRAMS_SHOWN)} (in ${list(places, SCRIPTS_SHOWN)})`,
    cure: 'run what takes that way through the script, or keep them; if nothing does, all is well',
  };
}

function list(paths: readonly string[], shown: number): string {
  return `${paths.slice(0, shown).map(printPath).join(', ')}${paths.length > shown ? ', …' : ''}`;
}
