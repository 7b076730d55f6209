import { type Resolution, resolvePaths } from '@keepset/symlink-resolver';
import { findPrograms } from './find-programs.js';
import type { ProgramFile } from './follow-programs.js';
import type { Keeping } from './keeping.js';
import { neededPlaces } from './needed-places.js';
import { neededPrograms } from './needed-programs.js';
import type { Reason } from './reason.js';

/** Keep the fixed places of every image, and those that its configuration names. */
export async function keepNeededPlaces({ needs, source, ends }: Keeping): Promise<void> {
  const needed = neededPlaces(needs);
  const resolutions = await resolvePaths(needed, source);
  for (const [index, { rule, from }] of needed.entries()) {
    const resolution = resolutions[index] as Resolution;
    const reason: Reason = { kind: 'rule', rule, ...(from === undefined ? {} : { from }) };
    // A volume may be reached by a link that leads nowhere yet; of other places nothing is owed.
    if (resolution.failure === undefined || from === 'VOLUME') ends.add(resolution, [reason]);
  }
}

/**
 * Keep the programs that the engine may start.
 *
 * @returns  their files, which need interpreters and loaders in their turn
 */
export async function keepNeededPrograms({
  needs,
  source,
  ends,
  warnings,
}: Keeping): Promise<readonly ProgramFile[]> {
  const programs = neededPrograms(needs);
  const found = await findPrograms(
    programs.map(({ name }) => ({ name, path: needs.path, workingDirectory: needs.workingDirectory })),
    { tree: source.tree, links: source },
  );
  return programs.flatMap(({ name, need }, index) => {
    const resolution = found[index];
    if (resolution === undefined) {
      warnings.push({ kind: 'program-missing', need, wanted: name });
      return [];
    }
    ends.add(resolution, [{ kind: 'rule', rule: 'engine', from: need }]);
    return [{ path: resolution.path, traced: false }];
  });
}
