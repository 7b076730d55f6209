import type { ImageNeeds } from './image-needs.js';
import type { KeptEnds } from './kept-ends.js';
import type { PlanWarning } from './plan-warning.js';
import type { SourceImage } from './source-image.js';

/** A plan in the making: what the rules ask, and where they put what they find. */
export interface Keeping {
  readonly needs: ImageNeeds;
  readonly source: SourceImage;
  readonly ends: KeptEnds;
  readonly warnings: PlanWarning[];
}
