import type { Attach } from '@keepset/image-builder';
import type { ImageTree } from '@keepset/image-tree';
import type { Inventory } from '@keepset/inventory';
import type { KeepPlan } from '@keepset/keep-planner';
import { writeBillOfPlan } from '@keepset/manifest';

/**
 * The bill of materials of a result that is still being made, to go with its image.
 *
 * @see CycloneDX, "Recognized file patterns"
 */
export function attachBill(
  plan: Pick<KeepPlan, 'kept'>,
  source: { readonly tree: ImageTree; readonly inventory: Inventory },
  { tags: [tag], version }: { readonly tags: readonly string[]; readonly version: string },
): Attach {
  return async (digest) => {
    const image = { name: tag ?? digest, digest };
    const content = await writeBillOfPlan(plan, source, { image, toolVersion: version });
    return [{ type: 'application/vnd.cyclonedx+json', fileName: 'sbom.cdx.json', content }];
  };
}
