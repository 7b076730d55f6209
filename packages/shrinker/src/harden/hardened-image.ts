import type { ImageDetails } from '@keepset/docker-engine';

/** Paths of an image. */
export type KeptPaths = Pick<ReadonlySet<string>, 'has' | 'keys'>;

/** What runs under the rights. */
export interface HardenedImage {
  readonly image: ImageDetails;
  /** All its files. */
  readonly kept: KeptPaths;
  /** Of these, what runs used. */
  readonly used: KeptPaths;
  /** Files with other contents than in the source. Default none. */
  readonly rewritten?: ReadonlySet<string>;
  /** How people call it. */
  readonly name: string;
}
