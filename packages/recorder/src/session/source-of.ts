import type { ImageDetails } from '@keepset/docker-engine';
import type { Asked } from '../api/as-asked.js';

/** What clients see of an image whose place another one takes. */
export function sourceOf({ id, config }: Pick<ImageDetails, 'id' | 'config'>): NonNullable<Asked['source']> {
  return { id, labels: (config.Labels ?? {}) as Readonly<Record<string, string>> };
}
