import { familiesRemoved } from './families-removed.js';
import { linksNotAsked } from './links-not-asked.js';
import { onlyLauncher } from './only-launcher.js';
import type { OverShrinkSign } from './over-shrink-sign.js';
import { ownFilesUnused } from './own-files-unused.js';
import { processKilled } from './process-killed.js';
import { runsDiffer } from './runs-differ.js';
import { scriptProgramsRemoved } from './script-programs-removed.js';
import { serverNotAsked } from './server-not-asked.js';
import { serviceOnlyAwaited } from './service-only-awaited.js';
import type { ShrinkFacts } from './shrink-facts.js';
import { softwareUnused } from './software-unused.js';
import { verySmall } from './very-small.js';
import { workdirUnused } from './workdir-unused.js';

const SIGNS = [
  onlyLauncher,
  serverNotAsked,
  serviceOnlyAwaited,
  linksNotAsked,
  softwareUnused,
  workdirUnused,
  ownFilesUnused,
  scriptProgramsRemoved,
  familiesRemoved,
  processKilled,
  runsDiffer,
  verySmall,
];

/**
 * Tell by what signs a run may have been too little: the image would shrink well, and then not work. Every one of them
 * may be meant; each says what would cure it.
 */
export async function findOverShrink(facts: ShrinkFacts): Promise<readonly OverShrinkSign[]> {
  const signs = await Promise.all(SIGNS.map((find) => find(facts)));
  return signs.flatMap((found) => found ?? []);
}
