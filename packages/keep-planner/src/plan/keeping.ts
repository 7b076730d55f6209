import type { KeptEnds } from '../closure/kept-ends.js';
import type { ImageNeeds } from '../image/image-needs.js';
import type { SourceImage } from '../image/source-image.js';
import type { PlanWarning } from './plan-warning.js';

/** A plan in the making: what the rules ask, and where they put what they find. */
export interface Keeping {
  readonly needs: ImageNeeds;
  readonly source: SourceImage;
  readonly ends: KeptEnds;
  readonly warnings: PlanWarning[];
}
