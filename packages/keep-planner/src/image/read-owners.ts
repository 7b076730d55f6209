import { PlanError } from '../plan/plan-error.js';
import type { PackageOwners } from './package-owners.js';
import type { SourceImage } from './source-image.js';

/** @throws PlanError PLAN_BAD_SOURCE  the source cannot tell */
export async function readOwners(source: SourceImage): Promise<PackageOwners> {
  if (source.readOwners !== undefined) return await source.readOwners();
  throw new PlanError(
    'PLAN_BAD_SOURCE',
    'packages are to be kept, but the source does not tell whose its files are: it has no readOwners',
  );
}
