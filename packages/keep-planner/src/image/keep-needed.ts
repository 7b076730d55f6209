import type { Resolution } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';
import type { Reason } from '../plan/reason.js';
import type { ProgramFile } from '../programs/follow-programs.js';
import type { NeededProgram } from '../programs/needed-programs.js';
import { firstProgram } from '../programs/program-search.js';
import { isMadeByEngine, type NeededPlace } from './needed-places.js';

/** Keep the fixed places of every image, and those that its configuration names. */
export function keepNeededPlaces(
  needed: readonly NeededPlace[],
  resolutions: readonly Resolution[],
  { ends }: Keeping,
): void {
  for (const [index, place] of needed.entries()) {
    const { rule, from } = place;
    const resolution = resolutions[index] as Resolution;
    const reason: Reason = { kind: 'rule', rule, ...(from === undefined ? {} : { from }) };
    // A mount may be reached by a link that leads nowhere yet; of other places nothing is owed.
    if (resolution.failure === undefined || isMadeByEngine(place)) ends.add(resolution, [reason]);
  }
}

/**
 * Keep the programs that the engine may start.
 *
 * @param candidates  for each program where it may be, in the order of the search
 * @returns           their files, which need interpreters and loaders in their turn
 */
export function keepNeededPrograms(
  programs: readonly NeededProgram[],
  candidates: readonly (readonly Resolution[])[],
  { source, ends, warnings }: Keeping,
): readonly ProgramFile[] {
  return programs.flatMap(({ name, need, mayBeArgument = false }, index) => {
    const resolution = firstProgram(candidates[index] ?? [], source.tree);
    if (resolution === undefined) {
      if (!mayBeArgument) warnings.push({ kind: 'program-missing', need, wanted: name });
      return [];
    }
    ends.add(resolution, [{ kind: 'rule', rule: 'engine', from: need }]);
    return [{ path: resolution.path, traced: false }];
  });
}
